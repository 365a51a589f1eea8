'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Button } from '../../../../../components/ui/button.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { Field } from '../../../../../components/ui/field.tsx';
import { Label } from '../../../../../components/ui/label.tsx';
import { Textarea } from '../../../../../components/ui/textarea.tsx';
import { isActRefusal } from '../../act-refusal.ts';
import { explainMessage } from './explain-message.ts';
import type { ExplainAnswer } from './explain-message.ts';
import { ExplanationView } from './explanation-view.tsx';

/** A form of this server takes a megabyte; what is longer is a matter for the API. */
const MAIL_LENGTH = 700_000;

/** A message, pasted with its header, and its envelope; below it what the rules say. What was typed stays. */
export function ExplainForm() {
  const t = useTranslations('rules.explain');
  const acts = useTranslations('account.refused');
  const heading = useRef<HTMLHeadingElement>(null);
  const [sender, setSender] = useState('');
  const [recipients, setRecipients] = useState('');
  const [mail, setMail] = useState('');
  const [answer, setAnswer] = useState<ExplainAnswer | null>(null);
  const [pending, startTransition] = useTransition();
  const explanation = answer !== null && 'explanation' in answer ? answer.explanation : null;
  const errors = answer !== null && 'errors' in answer ? answer.errors : [];
  const errorAt = (field: string) => errors.find(({ pointer }) => pointer === field || pointer.startsWith(`${field}/`))?.detail ?? null;
  useEffect(() => {
    if (explanation !== null) heading.current?.focus();
  }, [explanation]);

  function submit(event: FormEvent) {
    event.preventDefault();
    setAnswer(null);
    startTransition(async () => {
      const list = recipients.split(/[\s,;]+/).filter((address) => address !== '');
      const said = await explainMessage({ sender: sender.trim(), recipients: list, mail }).catch((): ExplainAnswer => ({
        refusal: 'away',
        errors: [],
      }));
      startTransition(() => setAnswer(said));
    });
  }

  return (
    <>
      <Card className="mt-4 p-4 sm:p-5">
        <form onSubmit={submit} noValidate className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              id="explain-sender"
              label={t('sender')}
              hint={t('senderHint')}
              inputMode="email"
              autoComplete="off"
              value={sender}
              onChange={(event) => setSender(event.target.value)}
              error={errorAt('/sender')}
            />
            <Field
              id="explain-recipients"
              label={t('recipients')}
              hint={t('recipientsHint')}
              autoComplete="off"
              value={recipients}
              onChange={(event) => setRecipients(event.target.value)}
              error={errorAt('/recipients')}
            />
          </div>
          <div className="space-y-1.5">
            <Label htmlFor="explain-mail">{t('mail')}</Label>
            <Textarea
              id="explain-mail"
              rows={12}
              spellCheck={false}
              maxLength={MAIL_LENGTH}
              className="font-mono sm:text-xs"
              value={mail}
              onChange={(event) => setMail(event.target.value)}
              aria-describedby="explain-mail-hint explain-mail-error"
              {...(errorAt('/raw') === null ? {} : { 'aria-invalid': true })}
            />
            <p id="explain-mail-hint" className="text-xs text-quiet">
              {t('mailHint')}
            </p>
            <div aria-live="polite">
              <p id="explain-mail-error" className="text-sm text-danger empty:hidden">
                {errorAt('/raw') === null ? null : t('noMail')}
              </p>
            </div>
          </div>
          <div aria-live="assertive">
            {answer !== null && 'refusal' in answer && isActRefusal(answer.refusal) ? (
              <Alert tone="danger">{acts(answer.refusal)}</Alert>
            ) : null}
          </div>
          <Button type="submit" disabled={pending}>
            {t('submit')}
          </Button>
        </form>
      </Card>
      {explanation === null ? null : (
        <section aria-labelledby="explanation" className="mt-6">
          <h2 id="explanation" ref={heading} tabIndex={-1} className="text-base font-semibold">
            {t('result')}
          </h2>
          <ExplanationView explanation={explanation} />
        </section>
      )}
    </>
  );
}
