'use client';

import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { KeyRound } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useState, useSyncExternalStore, useTransition } from 'react';
import { askForPasskey, passkeyFailureOf } from '../../components/passkey.ts';
import type { PasskeyFailure } from '../../components/passkey.ts';
import { timeTag } from '../../components/time-tag.tsx';
import { Alert } from '../../components/ui/alert.tsx';
import { Button } from '../../components/ui/button.tsx';
import { beginPasskeySignIn, finishPasskeySignIn } from './passkey-sign-in.ts';

interface PasskeyButtonProps {
  /** `alone`: instead of a password; `second`: after it. */
  readonly step: 'alone' | 'second';
  readonly next: string;
}

const unchanging = () => () => undefined;

/** Signs in by a passkey. Where the browser has no passkeys, or no script runs, there is no button. */
export function PasskeyButton({ step, next }: PasskeyButtonProps) {
  const t = useTranslations('signIn.passkey');
  const locale = useLocale();
  const [refusal, setRefusal] = useState<{ why: PasskeyFailure | 'wrong' | 'over' | 'tooMany' | 'away'; retryAt: string } | null>(null);
  const [pending, startTransition] = useTransition();
  const supported = useSyncExternalStore(unchanging, browserSupportsWebAuthn, () => false);
  if (!supported) return step === 'second' ? <p className="mt-6 text-sm text-quiet">{t('unsupported')}</p> : null;

  function use() {
    setRefusal(null);
    startTransition(async () => {
      const refused = await signInByPasskey(step, next);
      if (refused !== null) startTransition(() => setRefusal(refused));
    });
  }

  return (
    <div>
      <Button variant={step === 'second' ? 'primary' : 'secondary'} className="w-full" disabled={pending} onClick={use}>
        <KeyRound aria-hidden />
        {t('use')}
      </Button>
      <div aria-live="assertive">
        {refusal === null ? null : (
          <Alert tone={refusal.why === 'cancelled' ? 'note' : 'danger'} className="mt-4">
            {t.rich(`refused.${refusal.why}`, { time: timeTag(refusal.retryAt, locale) })}
          </Alert>
        )}
      </div>
    </div>
  );
}

/** Goes to the page that was asked for, or says why not. */
async function signInByPasskey(step: PasskeyButtonProps['step'], next: string) {
  const away = { why: 'away', retryAt: '' } as const;
  const begun = await beginPasskeySignIn(step).catch(() => away);
  if (!('options' in begun)) return begun;
  try {
    const response = await askForPasskey(begun.options);
    const finished = await finishPasskeySignIn({ step, response, next }).catch(() => away);
    if (!('leadsTo' in finished)) return finished;
    // A whole new page: everything on it is another's now.
    globalThis.location.assign(finished.leadsTo);
    return null;
  } catch (error) {
    return { why: passkeyFailureOf(error), retryAt: '' };
  }
}
