'use client';

import type { Passkey } from '@signet/api-contract/account';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { AccountLine } from './account-line.tsx';
import { removePasskey, renamePasskey } from './change-passkeys.ts';

interface PasskeyListProps {
  readonly passkeys: readonly Passkey[];
  /** What removing one means for the ways that are left. */
  readonly consequence: string;
  readonly onDone: (text: string) => void;
  /** Where the focus goes after something was done. */
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** The member's passkeys, each to be renamed and removed. */
export function PasskeyList({ passkeys, consequence, onDone, onCloseAutoFocus }: PasskeyListProps) {
  const t = useTranslations('account.second.passkeys');
  const [asked, setAsked] = useState<{ readonly act: 'rename' | 'remove'; readonly passkey: Passkey } | null>(null);
  const [name, setName] = useState('');

  function ask(act: 'rename' | 'remove', passkey: Passkey) {
    setName(passkey.name);
    setAsked({ act, passkey });
  }
  function finish(text: string) {
    setAsked(null);
    onDone(text);
  }
  const focus = (event: Event) => (asked === null ? onCloseAutoFocus(event) : undefined);

  return (
    <>
      {passkeys.map((passkey) => (
        <div key={passkey.id} className="sm:pl-6">
          <AccountLine
            name={
              <>
                {passkey.name}
                {passkey.backedUp ? <Badge>{t('backedUp')}</Badge> : null}
              </>
            }
            text={<PasskeyTimes passkey={passkey} />}
          >
            {(['rename', 'remove'] as const).map((act) => (
              <Button key={act} variant="secondary" size="small" onClick={() => ask(act, passkey)}>
                {t(act)} <span className="sr-only">{passkey.name}</span>
              </Button>
            ))}
          </AccountLine>
        </div>
      ))}
      <ActDialog<'name'>
        open={asked?.act === 'rename'}
        onClose={() => setAsked(null)}
        title={t('renameTitle')}
        description={t('renameText')}
        submit={t('renameSubmit')}
        variant="primary"
        act={async () => (asked === null ? null : renamePasskey(asked.passkey.id, name))}
        onDone={() => finish(t('renamed'))}
        onCloseAutoFocus={focus}
      >
        {(refusal) => (
          <Field
            id="passkey-new-name"
            label={t('nameLabel')}
            hint={t('nameHint')}
            autoComplete="off"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={refusal === 'name' ? t('refused.name') : null}
          />
        )}
      </ActDialog>
      <ActDialog
        open={asked?.act === 'remove'}
        onClose={() => setAsked(null)}
        title={t('removeTitle', { name })}
        description={`${t('removeText')} ${consequence}`}
        submit={t('removeSubmit')}
        act={async () => (asked === null ? null : removePasskey(asked.passkey.id))}
        onDone={() => finish(t('removed'))}
        onCloseAutoFocus={focus}
      />
    </>
  );
}

function PasskeyTimes({ passkey }: { readonly passkey: Passkey }) {
  const t = useTranslations('account.second.passkeys');
  const locale = useLocale();
  const { createdAt, lastUsedAt } = passkey;
  return (
    <>
      {t.rich('added', { time: timeTag(createdAt, locale, 'short') })}{' '}
      {lastUsedAt === null ? t('neverUsed') : t.rich('lastUsed', { time: timeTag(lastUsedAt, locale, 'short') })}
    </>
  );
}
