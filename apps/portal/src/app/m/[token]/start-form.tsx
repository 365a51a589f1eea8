import { Alert } from '../../../components/ui/alert.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { IntentField } from '../../../components/intent-field.tsx';
import { PressField } from '../../../components/press-field.tsx';
import type { Step } from './step.ts';
import type { Texts } from './texts.ts';
import { clockText, useCountdown } from '../../../components/use-countdown.ts';

interface StartFormProps {
  readonly step: Extract<Step, { at: 'start' }>;
  readonly act: (data: FormData) => void;
  readonly pending: boolean;
  readonly texts: Texts;
  readonly canRequestPasscode: boolean;
}

/** Before anything was asked for: a button for each way to sign in. */
export function StartForm({ step, act, pending, texts, canRequestPasscode }: StartFormProps) {
  const wait = useCountdown(step);
  if (!canRequestPasscode) return <p className="text-quiet">{texts.noMethod}</p>;
  return (
    <form action={act}>
      <IntentField intent="requestPasscode" />
      <PressField />
      <div aria-live="polite">
        {step.notice === undefined ? null : (
          <Alert tone="note" className="mb-4">
            {step.notice}
          </Alert>
        )}
        {step.error === undefined ? null : (
          <Alert tone="danger" className="mb-4">
            {step.error}
          </Alert>
        )}
      </div>
      <p className="mb-4 text-sm text-quiet">{texts.prove}</p>
      <Button type="submit" size="large" className="w-full" disabled={pending || wait > 0}>
        {pending ? texts.requesting : texts.requestPasscode}
      </Button>
      {wait > 0 ? (
        <p className="mt-3 text-center text-sm text-quiet tabular-nums">{texts.waitText.replace('{time}', clockText(wait))}</p>
      ) : null}
    </form>
  );
}
