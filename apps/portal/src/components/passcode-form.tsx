import { useEffect, useId, useRef } from 'react';
import { Button } from './ui/button.tsx';
import { Input } from './ui/input.tsx';
import { Label } from './ui/label.tsx';
import { IntentField } from './intent-field.tsx';
import { PressField } from './press-field.tsx';
import { clockText, useCountdown } from './use-countdown.ts';

/** Where somebody stands for whom a passcode is on its way; all texts are ready to be shown. */
export interface PasscodeStep {
  readonly reference: string;
  /** Seconds until another may be asked for. */
  readonly wait: number;
  /** What is wrong at the box. */
  readonly error?: string;
  /** What was typed, where it opened nothing: it stays in the box, to be mended. */
  readonly typed?: string;
  /** What stands against another passcode. */
  readonly resendError?: string;
  readonly notice?: string;
  /** Whether this passcode can no longer open anything. */
  readonly over?: boolean;
}

interface PasscodeTexts {
  readonly sent: string;
  readonly reference: string;
  readonly referenceHint: string;
  readonly passcode: string;
  readonly openMessage: string;
  readonly openingButton: string;
  readonly another: string;
  readonly anotherIn: string;
  readonly spam: string;
}

interface PasscodeFormProps {
  readonly step: PasscodeStep;
  readonly act: (data: FormData) => void;
  readonly pending: boolean;
  readonly texts: PasscodeTexts;
}

/** The box for the passcode. What is wrong is said at the box, aloud as well, and the box has the focus. */
export function PasscodeForm({ step, act, pending, texts }: PasscodeFormProps) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const wait = useCountdown(step);
  const error = step.error ?? '';

  useEffect(() => {
    // Whoever asked for another passcode in vain stays there.
    if (step.resendError !== undefined) return;
    box.current?.focus();
    box.current?.select();
  }, [step]);

  return (
    <>
      <p aria-live="polite" className="text-sm text-quiet">
        {step.notice !== undefined && step.notice !== '' ? step.notice : texts.sent}
      </p>
      <p className="mt-4 text-sm">
        <span className="text-quiet">{texts.reference}</span>{' '}
        <strong className="ml-1 rounded-md bg-raised px-2 py-0.5 font-mono tracking-wide">{step.reference}</strong>
        <span className="mt-1 block text-quiet">{texts.referenceHint}</span>
      </p>
      <form action={act} className="mt-5" noValidate>
        <IntentField intent="signIn" />
        <Label htmlFor={id}>{texts.passcode}</Label>
        <Input
          ref={box}
          id={id}
          name="passcode"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoCorrect="off"
          spellCheck={false}
          maxLength={40}
          required
          // The key puts back what was typed after React has emptied the form.
          key={`${error} ${step.typed ?? ''}`}
          defaultValue={step.typed ?? ''}
          className="mt-1.5 font-mono text-lg tracking-[0.2em]"
          aria-invalid={error !== ''}
          aria-describedby={error === '' ? undefined : `${id}-error`}
        />
        <p id={`${id}-error`} role="alert" className={error === '' ? 'sr-only' : 'mt-2 text-sm text-danger'}>
          {error}
        </p>
        <Button type="submit" size="large" className="mt-4 w-full" disabled={pending}>
          {pending ? texts.openingButton : texts.openMessage}
        </Button>
      </form>
      <form action={act} className="mt-4 text-center">
        <IntentField intent="requestPasscode" />
        <PressField />
        <Button
          type="submit"
          variant={step.over === true ? 'secondary' : 'ghost'}
          className="w-full tabular-nums"
          disabled={pending || wait > 0}
        >
          {wait > 0 ? texts.anotherIn.replace('{time}', clockText(wait)) : texts.another}
        </Button>
        <p role="alert" className={step.resendError ? 'mt-2 text-sm text-danger' : 'sr-only'}>
          {step.resendError}
        </p>
        <p className="mt-2 text-sm text-quiet">{texts.spam}</p>
      </form>
    </>
  );
}
