'use client';

import type { ReauthenticationMethod } from '@signet/domain/member-authentication';
import { KeyRound } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { askForPasskey, passkeyFailureOf } from '../../../components/passkey.ts';
import type { PasskeyFailure } from '../../../components/passkey.ts';
import { typedText } from '../../../components/typed-text.ts';
import { timeTag } from '../../../components/time-tag.tsx';
import { Alert } from '../../../components/ui/alert.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { beginPasskeyProof, reauthenticate } from './reauthenticate.ts';

interface ProofFormProps {
  readonly methods: readonly ReauthenticationMethod[];
  readonly onProved: () => void;
  readonly onGivenUp: () => void;
}

type Refusal =
  | NonNullable<Awaited<ReturnType<typeof reauthenticate>>>
  | { readonly why: Exclude<PasskeyFailure, 'alreadyThere'>; readonly retryAt: string };

const away = { why: 'away', retryAt: '' } as const;

/** By passkey, or by the password and, where there is one, a code of the authenticator app. */
export function ProofForm({ methods, onProved, onGivenUp }: ProofFormProps) {
  const t = useTranslations('account.confirm');
  const locale = useLocale();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [pending, setPending] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const byPassword = methods.find((method) => method !== 'passkey');
  useEffect(() => {
    if (refusal !== null) password.current?.focus();
  }, [refusal]);

  // Which of the two is wrong is not told; what else went wrong is no fault of what was typed.
  const isFault = refusal?.why === 'wrong' || refusal?.why === 'malformed';
  const faulty = isFault ? { 'aria-invalid': true, 'aria-describedby': 'proof-refusal' } : {};

  async function prove(proof: () => Promise<Refusal | null>) {
    setRefusal(null);
    setPending(true);
    // No transition: it would wait for the act's own, which waits for this proof.
    const refused = await proof();
    setPending(false);
    if (refused === null) onProved();
    else setRefusal(refused);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const [secret, code] = [typedText(event.currentTarget, 'password'), typedText(event.currentTarget, 'code')];
    const given =
      byPassword === 'password_and_code'
        ? ({ method: byPassword, password: secret, code } as const)
        : ({ method: 'password', password: secret } as const);
    void prove(() => reauthenticate(given).catch(() => away));
  }

  return (
    <div className="space-y-4">
      {methods.includes('passkey') ? (
        <Button
          className="w-full"
          variant={byPassword ? 'secondary' : 'primary'}
          disabled={pending}
          onClick={() => void prove(proveByPasskey)}
        >
          <KeyRound aria-hidden />
          {t('passkey')}
        </Button>
      ) : null}
      {methods.includes('passkey') && byPassword ? <p className="text-center text-xs text-quiet">{t('or')}</p> : null}
      <form onSubmit={submit} className="space-y-4">
        {byPassword === undefined ? null : (
          <Field
            ref={password}
            id="proof-password"
            name="password"
            type="password"
            label={t('password')}
            autoComplete="current-password"
            required
            maxLength={1000}
            {...faulty}
          />
        )}
        {byPassword === 'password_and_code' ? (
          <Field
            id="proof-code"
            name="code"
            label={t('code')}
            hint={t('codeHint')}
            inputMode="numeric"
            autoComplete="one-time-code"
            className="font-mono tracking-wider"
            required
            maxLength={20}
            {...faulty}
          />
        ) : null}
        <div aria-live="assertive">
          {refusal === null ? null : (
            <Alert id="proof-refusal" tone={refusal.why === 'cancelled' ? 'note' : 'danger'}>
              {t.rich(`refused.${refusal.why}`, { time: timeTag(refusal.retryAt, locale) })}
            </Alert>
          )}
        </div>
        <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
          <Button variant="secondary" onClick={onGivenUp}>
            {t('cancel')}
          </Button>
          {byPassword === undefined ? null : (
            <Button type="submit" disabled={pending}>
              {t('submit')}
            </Button>
          )}
        </div>
      </form>
    </div>
  );
}

async function proveByPasskey(): Promise<Refusal | null> {
  const begun = await beginPasskeyProof().catch(() => away);
  if (!('options' in begun)) return begun;
  try {
    const response = await askForPasskey(begun.options);
    return await reauthenticate({ method: 'passkey', response }).catch(() => away);
  } catch (error) {
    const why = passkeyFailureOf(error);
    return { why: why === 'alreadyThere' ? 'failed' : why, retryAt: '' };
  }
}
