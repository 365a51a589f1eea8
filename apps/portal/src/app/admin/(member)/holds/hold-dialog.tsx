'use client';

import type { LegalHold, ReleaseForecast } from '@signet/api-contract/legal-holds';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { plainText } from '../../../../components/plain-text.ts';
import { Label } from '../../../../components/ui/label.tsx';
import { Textarea } from '../../../../components/ui/textarea.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { changeHolds } from './change-holds.ts';
import type { HoldDraft, HoldRefusal } from './change-holds.ts';
import { HoldBoxes } from './hold-boxes.tsx';

/** `message`: a hold on the message whose page is open. */
export type HoldAct = 'create' | 'message' | 'change' | 'release';

interface HoldDialogProps {
  readonly act: HoldAct;
  /** Null where one is placed. */
  readonly hold: LegalHold | null;
  /** The message that is held; left out where it is typed. */
  readonly message?: string;
  /** Of a release: what it would take at once; null where that is not known. */
  readonly forecast: ReleaseForecast | null;
  readonly onClose: () => void;
  /** Told what was done, in a sentence. */
  readonly onDone: (text: string) => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** Asks before a hold is placed, changed or released, says what that means, and does it. */
export function HoldDialog({ act, hold, message = '', forecast, onClose, onDone, onCloseAutoFocus }: HoldDialogProps) {
  const t = useTranslations('custody.holds');
  const [draft, setDraft] = useState<HoldDraft>({ kind: 'message', message, address: '', from: '', to: '' });
  const [reason, setReason] = useState(act === 'change' ? (hold?.reason ?? '') : '');
  const places = act === 'create' || act === 'message';
  return (
    <ActDialog<HoldRefusal>
      open
      onClose={onClose}
      title={t(`act.${act}.title`)}
      description={
        <div className="space-y-2">
          {hold === null ? null : <p className="font-medium break-words text-ink">{plainText(hold.reason)}</p>}
          {act === 'release' ? <Consequence forecast={forecast} /> : <p>{t(`act.${act}.text`)}</p>}
        </div>
      }
      submit={t(act === 'message' ? 'act.create.submit' : `act.${act}.submit`)}
      variant={act === 'release' ? 'danger' : 'primary'}
      act={() => changeHolds(places ? { act: 'create', draft, reason } : { act, id: hold?.id ?? '', reason })}
      refused={{
        tooMany: t('refused.tooMany'),
        notUnderstood: t('refused.notUnderstood'),
        ...(act === 'message' ? { message: t('wrong.message') } : {}),
      }}
      onDone={() => onDone(t(`act.${act}.done`))}
      onCloseAutoFocus={onCloseAutoFocus}
    >
      {(refusal) => (
        <>
          {act === 'create' ? <HoldBoxes draft={draft} onChange={setDraft} refusal={refusal} /> : null}
          <div className="space-y-1.5">
            <Label htmlFor="hold-reason">{t(act === 'release' ? 'box.releaseReason' : 'box.reason')}</Label>
            <Textarea
              id="hold-reason"
              rows={2}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              {...(refusal === 'reason' ? { 'aria-invalid': true } : {})}
              aria-describedby={refusal === 'reason' ? 'hold-reason-hint hold-reason-error' : 'hold-reason-hint'}
            />
            <p id="hold-reason-hint" className="text-xs text-quiet">
              {t('box.reasonHint')}
            </p>
            <div aria-live="polite">
              {refusal === 'reason' ? (
                <p id="hold-reason-error" className="text-sm text-danger">
                  {t('wrong.reason')}
                </p>
              ) : null}
            </div>
          </div>
        </>
      )}
    </ActDialog>
  );
}

/** What a release would take at once, and later. */
function Consequence({ forecast }: { readonly forecast: ReleaseForecast | null }) {
  const t = useTranslations('custody.holds.act.release');
  const word = forecast === null ? 'uncounted' : wordOf(forecast);
  return (
    <>
      <p className={word === 'nothing' ? undefined : 'font-medium text-ink'}>{t(word, { ...forecast, more: String(forecast?.more) })}</p>
      <p>{t('later')}</p>
    </>
  );
}

function wordOf({ entries, messages, more }: ReleaseForecast): 'both' | 'entries' | 'messages' | 'nothing' | 'notWhole' {
  if (entries > 0) return messages > 0 ? 'both' : 'entries';
  if (messages > 0) return 'messages';
  return more ? 'notWhole' : 'nothing';
}
