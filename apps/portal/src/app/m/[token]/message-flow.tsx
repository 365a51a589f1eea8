'use client';

import { useActionState, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Branding } from '@signet/api-contract/recipient';
import { Alert } from '../../../components/ui/alert.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Card } from '../../../components/ui/card.tsx';
import { Band, Footer } from '../brand-frame.tsx';
import type { BrandColors } from '../brand.ts';
import { IntentField } from '../../../components/intent-field.tsx';
import { MessageView } from './message-view.tsx';
import { PasscodeForm } from '../../../components/passcode-form.tsx';
import { StartForm } from './start-form.tsx';
import type { Step } from './step.ts';
import type { Texts } from './texts.ts';

interface MessageFlowProps {
  readonly token: string;
  readonly locale: string;
  readonly takeStep: (step: Step, data: FormData) => Promise<Step>;
  readonly initial: Step;
  readonly texts: Texts;
  readonly brand: BrandColors & Branding;
  readonly canRequestPasscode: boolean;
  /** What may be known before sign-in, drawn by the server. */
  readonly summary: ReactNode;
}

/** The way from the link to the message, on one page. Every step is a form, so it is walked without script as well. */
export function MessageFlow({ token, locale, takeStep, initial, texts, brand, canRequestPasscode, summary }: MessageFlowProps) {
  const [step, act, pending] = useActionState(takeStep, initial);

  useEffect(() => {
    // The page, asked for again, answers with its own status and says why.
    if (step.at === 'refused') window.location.reload();
  }, [step]);

  return (
    <div className="flex min-h-dvh flex-col">
      <Band brand={brand} logoAddress={`/m/${token}/logo`}>
        {step.at === 'open' ? (
          <form action={act}>
            <IntentField intent="signOut" />
            <button
              type="submit"
              disabled={pending}
              className="h-10 cursor-pointer rounded-lg border border-current/50 px-3.5 text-sm font-medium whitespace-nowrap focus-visible:outline-current"
            >
              {texts.signOut}
            </button>
          </form>
        ) : null}
      </Band>
      <main
        className={
          step.at === 'open' ? 'mx-auto w-full max-w-4xl flex-1 sm:px-6 sm:py-8' : 'mx-auto w-full max-w-lg flex-1 px-4 py-6 sm:py-14'
        }
      >
        {step.at === 'open' ? (
          <MessageView token={token} accessId={step.accessId} message={step.message} locale={locale} texts={texts} />
        ) : (
          <Card className="p-6 sm:p-9">
            {summary}
            <div className="mt-7 border-t border-line pt-6" aria-busy={pending}>
              {step.at === 'start' ? (
                <StartForm step={step} act={act} pending={pending} texts={texts} canRequestPasscode={canRequestPasscode} />
              ) : null}
              {step.at === 'passcode' ? <PasscodeForm step={step} act={act} pending={pending} texts={texts} /> : null}
              {step.at === 'closed' ? (
                <OpenForm error={step.error} act={act} pending={pending} texts={texts} automatic={step === initial} />
              ) : null}
            </div>
          </Card>
        )}
      </main>
      <Footer brand={brand} texts={texts} />
    </div>
  );
}

interface OpenFormProps {
  readonly error: string | undefined;
  readonly act: (data: FormData) => void;
  readonly pending: boolean;
  readonly texts: Texts;
  /** Whether the page opens the message by itself: when a signed-in reader has just come to it. */
  readonly automatic: boolean;
}

/** Opens the message by a POST, exactly once for each time that the page is come to. Without script, by the button. */
function OpenForm({ error, act, pending, texts, automatic }: OpenFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const submitted = useRef(false);

  useEffect(() => {
    if (!automatic) return undefined;
    const submit = () => {
      if (submitted.current) return;
      submitted.current = true;
      form.current?.requestSubmit();
    };
    // A page that the browser draws ahead of time is not one that somebody reads.
    if (!('prerendering' in document) || document.prerendering !== true) {
      submit();
      return undefined;
    }
    document.addEventListener('prerenderingchange', submit, { once: true });
    return () => {
      document.removeEventListener('prerenderingchange', submit);
    };
  }, [automatic]);

  return (
    <form ref={form} action={act}>
      <IntentField intent="open" />
      <p aria-live="polite" className="mb-4 text-sm text-quiet">
        {pending ? texts.opening : texts.ready}
      </p>
      {error === undefined ? null : (
        <Alert tone="danger" role="alert" className="mb-4">
          {error}
        </Alert>
      )}
      <Button type="submit" size="large" className="w-full" disabled={pending}>
        {pending ? texts.openingButton : texts.openMessage}
      </Button>
    </form>
  );
}
