'use client';

import { useActionState, useEffect, useId, useRef } from 'react';
import { IntentField } from '../../components/intent-field.tsx';
import { PasscodeForm } from '../../components/passcode-form.tsx';
import { Alert } from '../../components/ui/alert.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Label } from '../../components/ui/label.tsx';
import { clockText, useCountdown } from '../../components/use-countdown.ts';
import type { SignInStep } from './sign-in-step.ts';
import type { SignInTexts } from './sign-in-texts.ts';

interface SignInFlowProps {
  readonly initial: SignInStep;
  readonly takeStep: (step: SignInStep, data: FormData) => Promise<SignInStep>;
  readonly texts: SignInTexts;
}

/** From the address to the passcode. Every step is a form, so it is walked without script as well. */
export function SignInFlow({ initial, takeStep, texts }: SignInFlowProps) {
  const [step, act, pending] = useActionState(takeStep, initial);
  if (step.at === 'email') return <EmailForm step={step} act={act} pending={pending} texts={texts} />;
  return (
    <>
      <PasscodeForm step={step} act={act} pending={pending} texts={{ ...texts, sent: texts.sent.replace('{email}', step.email) }} />
      <form action={act} className="mt-1">
        <IntentField intent="other" />
        <Button type="submit" variant="ghost" className="w-full" disabled={pending}>
          {texts.other}
        </Button>
      </form>
    </>
  );
}

interface EmailFormProps {
  readonly step: Extract<SignInStep, { at: 'email' }>;
  readonly act: (data: FormData) => void;
  readonly pending: boolean;
  readonly texts: SignInTexts;
}

/** The box for the address. What is wrong is said at the box, which keeps what was typed. */
function EmailForm({ step, act, pending, texts }: EmailFormProps) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const wait = useCountdown(step);
  const error = step.error ?? '';
  useEffect(() => {
    if (step.error !== undefined) box.current?.focus();
  }, [step]);
  return (
    <form action={act} noValidate>
      <IntentField intent="requestPasscode" />
      <Label htmlFor={id}>{texts.email}</Label>
      <Input
        ref={box}
        id={id}
        name="email"
        type="email"
        autoComplete="email"
        required
        maxLength={320}
        // The key puts back what was typed after React has emptied the form.
        key={`${step.email} ${error}`}
        defaultValue={step.email}
        className="mt-1.5"
        aria-invalid={error !== ''}
        aria-describedby={error === '' ? `${id}-hint` : `${id}-error`}
      />
      <p id={`${id}-hint`} className="mt-1.5 text-sm text-quiet">
        {texts.emailHint}
      </p>
      <div id={`${id}-error`} aria-live="assertive">
        {error === '' ? null : (
          <Alert tone="danger" className="mt-3">
            {error}
          </Alert>
        )}
      </div>
      <Button type="submit" size="large" className="mt-4 w-full" disabled={pending || wait > 0}>
        {pending ? texts.submitting : texts.submit}
      </Button>
      {wait > 0 ? (
        <p className="mt-3 text-center text-sm text-quiet tabular-nums">{texts.waitText.replace('{time}', clockText(wait))}</p>
      ) : null}
    </form>
  );
}
