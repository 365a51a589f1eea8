'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../confirmation.ts';
import { timeTag } from '../time-tag.tsx';
import { Alert } from '../ui/alert.tsx';
import { Button } from '../ui/button.tsx';
import { DialogClose } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import type { ChangeExpiry, ExpiringMessage, ExpiryRefusal } from './expiry-change.ts';
import { boxTextOf, instantOfBox } from './expiry-moment.ts';
import { ReasonField } from './reason-field.tsx';

interface ExpiryFormProps {
  readonly message: ExpiringMessage;
  readonly changeExpiry: ChangeExpiry;
  /** Where whoever was signed out meanwhile signs in again. */
  readonly signInPath: string;
  readonly onDone: () => void;
}

type Choice = 'at' | 'now' | 'never';
type Fault = 'noTime' | 'past' | 'tooLate' | 'notLater';

/** What is wrong with a time that was typed. The api says the same; here it is said beside the box. */
function faultOf(wanted: string | null, { expiresAt, expiryChange }: ExpiringMessage, now: Date): Fault | null {
  if (wanted === null) return 'noTime';
  const at = Date.parse(wanted);
  if (at <= now.getTime()) return 'past';
  if (at > Date.parse(expiryChange.latest)) return 'tooLate';
  return !expiryChange.extend && expiresAt !== null && at > Date.parse(expiresAt) ? 'notLater' : null;
}

/** When it ends, what that means and for how many, and why. A refusal is said here, and what was typed stays. */
export function ExpiryForm({ message, changeExpiry, signInPath, onDone }: ExpiryFormProps) {
  const dialog = useTranslations('admin.dialog');
  const t = useTranslations('admin.dialog.expiry');
  const locale = useLocale();
  const confirm = useConfirmation();
  const { expiresAt: current, expiryChange, isOver, recipientCount } = message;
  const { shorten, extend, latest } = expiryChange;
  const [choice, setChoice] = useState<Choice>('at');
  const [typed, setTyped] = useState(() => boxTextOf(current !== null && !isOver ? current : latest));
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState<Fault | null>(null);
  const [refusal, setRefusal] = useState<ExpiryRefusal | null>(null);
  const [pending, startTransition] = useTransition();
  const instant = instantOfBox(typed);
  const choices: Choice[] = ['at', ...(shorten ? (['now'] as const) : []), ...(extend && current !== null ? (['never'] as const) : [])];

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    const fault = choice === 'at' ? faultOf(instant, message, new Date()) : null;
    setWrong(fault);
    if (fault !== null) return;
    const expiresAt = choice === 'at' ? instant : choice === 'now' ? 'now' : null;
    startTransition(async () => {
      const refused = await confirm(() => changeExpiry({ message: message.id, expiresAt, reason }).catch((): ExpiryRefusal => 'away'));
      // The dialog closes together with the page showing the new state.
      startTransition(() => (refused === null ? onDone() : setRefusal(refused)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-4" noValidate>
      <fieldset className="space-y-2" disabled={pending}>
        <legend className="text-sm font-medium">{t('when')}</legend>
        {choices.map((name) => (
          <label key={name} className="flex cursor-pointer items-center gap-3 text-sm">
            <input
              type="radio"
              name="expiry"
              value={name}
              checked={choice === name}
              onChange={() => setChoice(name)}
              className="size-4 shrink-0 accent-primary"
            />
            {t(`choice.${name}`)}
          </label>
        ))}
      </fieldset>
      {choice === 'at' ? (
        <Field
          id="expires-at"
          type="datetime-local"
          step={1}
          label={t('time')}
          hint={t.rich('timeHint', { time: timeTag(latest, locale) })}
          error={wrong === null ? undefined : t(`wrong.${wrong}`)}
          value={typed}
          onChange={(event) => {
            setWrong(null);
            setTyped(event.target.value);
          }}
        />
      ) : null}
      <p className="text-sm font-medium" aria-live="polite">
        {choice === 'at' && instant !== null
          ? t.rich(isOver ? 'effect.reopen' : 'effect.at', { count: recipientCount, time: timeTag(instant, locale) })
          : null}
        {choice === 'at' ? null : t(`effect.${choice}`, { count: recipientCount })}
      </p>
      <p className="text-sm text-quiet">{t('mails')}</p>
      <ReasonField value={reason} onChange={setReason} isTooLong={refusal === 'reason'} />
      <div aria-live="assertive">
        {refusal === null || refusal === 'reason' ? null : (
          <Alert tone="danger">
            {refusal === 'notExpirable' || refusal === 'notAllowed' ? t(`refused.${refusal}`) : dialog(`refused.${refusal}`)}{' '}
            {refusal === 'signedOut' ? (
              <a href={signInPath} target="_blank" rel="noreferrer" className="underline underline-offset-2">
                {dialog('signIn')}
              </a>
            ) : null}
          </Alert>
        )}
      </div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{dialog('cancel')}</Button>
        </DialogClose>
        <Button type="submit" variant={choice === 'now' ? 'danger' : 'primary'} disabled={pending}>
          {t('submit')}
        </Button>
      </div>
    </form>
  );
}
