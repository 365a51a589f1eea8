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

/** A form of this server takes a megabyte, as the api does of what is in base64. */
const MAIL_BYTES = 700_000;

/** A message, pasted with its header, and its envelope; below it what the rules say. What was typed stays. */
export function ExplainForm() {
  const t = useTranslations('rules.explain');
  const acts = useTranslations('account.refused');
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [sender, setSender] = useState('');
  const [recipients, setRecipients] = useState('');
  const [mail, setMail] = useState('');
  const [isTooLong, setTooLong] = useState(false);
  const [answer, setAnswer] = useState<ExplainAnswer | null>(null);
  const [pending, startTransition] = useTransition();
  const explanation = answer !== null && 'explanation' in answer ? answer.explanation : null;
  const errors = answer !== null && 'errors' in answer ? answer.errors : [];
  const faultAt = (field: string) => errors.find(({ pointer }) => pointer === field || pointer.startsWith(`${field}/`))?.pointer ?? null;
  const ofRecipients = faultAt('/recipients');
  const mailFault = isTooLong ? 'tooLong' : faultAt('/raw') === null ? null : 'noMail';
  useEffect(() => {
    if (answer !== null && 'explanation' in answer) heading.current?.focus();
    else if (answer !== null || isTooLong) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [answer, isTooLong]);

  function submit(event: FormEvent) {
    event.preventDefault();
    setAnswer(null);
    const wouldNotFit = new Blob([mail]).size > MAIL_BYTES;
    setTooLong(wouldNotFit);
    if (wouldNotFit) {
      document.getElementById('explain-mail')?.focus();
      return;
    }
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
        <form ref={form} onSubmit={submit} noValidate className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              id="explain-sender"
              label={t('sender')}
              hint={t('senderHint')}
              inputMode="email"
              autoComplete="off"
              value={sender}
              onChange={(event) => setSender(event.target.value)}
              error={faultAt('/sender') === null ? null : t('noSender')}
            />
            <Field
              id="explain-recipients"
              label={t('recipients')}
              hint={t('recipientsHint')}
              autoComplete="off"
              value={recipients}
              onChange={(event) => setRecipients(event.target.value)}
              error={
                ofRecipients === null
                  ? null
                  : ofRecipients === '/recipients'
                    ? t('noRecipients')
                    : t('wrongRecipient', { number: Number(ofRecipients.split('/')[2]) + 1 })
              }
            />
          </div>
          <div className="space-y-1.5">
            <Label htmlFor="explain-mail">{t('mail')}</Label>
            <Textarea
              id="explain-mail"
              rows={12}
              spellCheck={false}
              className="font-mono sm:text-xs"
              value={mail}
              onChange={(event) => setMail(event.target.value)}
              aria-describedby="explain-mail-hint explain-mail-error"
              {...(mailFault === null ? {} : { 'aria-invalid': true })}
            />
            <p id="explain-mail-hint" className="text-xs text-quiet">
              {t('mailHint')}
            </p>
            <div aria-live="polite">
              <p id="explain-mail-error" className="text-sm text-danger empty:hidden">
                {mailFault === null ? null : t(mailFault)}
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
