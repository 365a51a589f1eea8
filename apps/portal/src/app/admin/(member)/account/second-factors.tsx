'use client';

import type { Passkey } from '@signet/api-contract/account';
import { useLocale, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { ActDialog } from '../act-dialog.tsx';
import { Section } from '../section.tsx';
import { AccountLine } from './account-line.tsx';
import { removeTotp } from './change-totp.ts';
import { createRecoveryCodes } from './create-recovery-codes.ts';
import { PasskeyAddition } from './passkey-addition.tsx';
import { PasskeyList } from './passkey-list.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpSetupDialog } from './totp-setup.tsx';

interface SecondFactorsProps {
  readonly email: string;
  /** When the authenticator app was set up; null where there is none. */
  readonly totpSince: string | null;
  readonly passkeys: readonly Passkey[];
  readonly codesLeft: number;
  readonly isRequired: boolean;
}

/** What the member proves besides the password: how it stands, and what can be done with it. */
export function SecondFactors({ email, totpSince, passkeys, codesLeft, isRequired }: SecondFactorsProps) {
  const t = useTranslations('account.second');
  const locale = useLocale();
  const [asked, setAsked] = useState<'removeTotp' | 'newCodes' | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const status = useRef<HTMLOutputElement>(null);
  const hasFactor = totpSince !== null || passkeys.length > 0;
  const isLast = (totpSince === null ? 0 : 1) + passkeys.length === 1;
  const consequence = isLast ? t(isRequired ? 'lastRequired' : 'last') : t('notLast');

  function finish(text: string, recoveryCodes: readonly string[] | null = null) {
    setAsked(null);
    setDone(text);
    setCodes(recoveryCodes);
  }

  const focusStatus = (event: Event) => {
    if (asked !== null) return;
    // The button that opened the dialog may be gone with what it did.
    event.preventDefault();
    status.current?.focus();
  };

  return (
    <Section id="second-factor" title={t('title')} note={t(isRequired ? 'noteRequired' : 'note')}>
      <output ref={status} tabIndex={-1} className="block px-4 pt-3 text-sm text-success outline-none empty:hidden">
        {done}
      </output>
      <div className="divide-y divide-line">
        <AccountLine
          name={
            <>
              {t('totp.name')}
              {totpSince === null ? null : <Badge tone="success">{t('on')}</Badge>}
            </>
          }
          text={totpSince === null ? t('totp.none') : t.rich('totp.since', { time: timeTag(totpSince, locale, 'short') })}
        >
          <TotpSetupDialog replaces={totpSince !== null} onDone={(recoveryCodes) => finish(t('totp.done'), recoveryCodes)} />
          {totpSince === null ? null : (
            <Button variant="secondary" size="small" onClick={() => setAsked('removeTotp')}>
              {t('totp.remove')}
            </Button>
          )}
        </AccountLine>
        <AccountLine
          name={
            <>
              {t('passkeys.name')}
              {passkeys.length === 0 ? null : <Badge tone="success">{t('on')}</Badge>}
            </>
          }
          text={t('passkeys.text')}
        >
          <PasskeyAddition onDone={(recoveryCodes) => finish(t('passkeys.done'), recoveryCodes)} />
        </AccountLine>
        <PasskeyList passkeys={passkeys} consequence={consequence} onDone={(text) => finish(text)} onCloseAutoFocus={focusStatus} />
        <AccountLine
          name={
            <>
              {t('codes.name')}
              {hasFactor && codesLeft < 3 ? <Badge tone="warning">{t('codes.few')}</Badge> : null}
            </>
          }
          text={hasFactor ? t('codes.left', { count: codesLeft }) : t('codes.later')}
        >
          {hasFactor ? (
            <Button variant="secondary" size="small" onClick={() => setAsked('newCodes')}>
              {t('codes.make')}
            </Button>
          ) : null}
        </AccountLine>
      </div>
      <ActDialog
        open={asked === 'removeTotp'}
        onClose={() => setAsked(null)}
        title={t('totp.removeTitle')}
        description={`${t('totp.removeText')} ${consequence}`}
        submit={t('totp.removeSubmit')}
        act={removeTotp}
        onDone={() => finish(t('totp.removed'))}
        onCloseAutoFocus={focusStatus}
      />
      <ActDialog
        open={asked === 'newCodes'}
        onClose={() => setAsked(null)}
        title={t('codes.title')}
        description={t('codes.text')}
        submit={t('codes.make')}
        variant="primary"
        act={async () => {
          const answer = await createRecoveryCodes();
          if ('refusal' in answer) return answer.refusal;
          setCodes(answer.recoveryCodes);
          return null;
        }}
        onDone={() => {
          setAsked(null);
          setDone(t('codes.done'));
        }}
      />
      <RecoveryCodes codes={codes} email={email} onClose={() => setCodes(null)} onCloseAutoFocus={focusStatus} />
    </Section>
  );
}
