'use client';

import type { SenderNoticeKind } from '@signet/domain/sender-notice';
import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Alert } from '../../../components/ui/alert.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Checkbox } from '../../../components/ui/checkbox.tsx';
import { changeNotices } from './change-notices.ts';
import type { NoticesState } from './notices-state.ts';

interface NoticesFormProps {
  readonly wanted: NoticesState['wanted'];
  /** What the organization tells, in the order in which it is shown. */
  readonly offered: readonly SenderNoticeKind[];
  readonly unreadAfterDays: number;
}

/** What a sender wants to be told of what their organization tells. A form, so it is sent without script as well. */
export function NoticesForm({ wanted, offered, unreadAfterDays }: NoticesFormProps) {
  const t = useTranslations('sent.notices');
  const [state, act, pending] = useActionState(changeNotices, { wanted, turn: 0 });
  return (
    <form action={act} className="space-y-5 p-4 sm:p-5">
      <fieldset className="min-w-0">
        <legend className="text-sm font-medium">{t('legend')}</legend>
        <div key={state.turn} className="mt-1.5 divide-y divide-line overflow-hidden rounded-lg border border-line">
          {offered.map((kind) => (
            <div key={kind}>
              <input type="hidden" name="shown" value={kind} />
              <Checkbox name={kind} label={t(`kind.${kind}`, { days: unreadAfterDays })} defaultChecked={state.wanted[kind]} />
            </div>
          ))}
        </div>
      </fieldset>
      <Button type="submit" disabled={pending}>
        {t('save')}
      </Button>
      <div aria-live="polite" className="empty:hidden">
        {state.said === undefined ? null : <Alert tone={state.said === 'saved' ? 'success' : 'danger'}>{t(state.said)}</Alert>}
      </div>
    </form>
  );
}
