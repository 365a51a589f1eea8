'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { RecipientChoice } from '../../../../../components/message/recipient-choice.tsx';
import { Alert } from '../../../../../components/ui/alert.tsx';
import { Button } from '../../../../../components/ui/button.tsx';
import { DialogClose } from '../../../../../components/ui/dialog.tsx';
import { resendMail } from './resend-mail.ts';
import type { ResendRefusal } from './resend-request.ts';

interface ResendFormProps {
  readonly message: string;
  readonly addresses: readonly string[];
  /** Called when it is on its way, with how many recipients it goes to. */
  readonly onDone: (count: number) => void;
}

/** Recipients that a request may name. */
const NAMED_AT_ONCE = 1_000;

/** To whom the mail goes again. A refusal is said here, and the choice stays. */
export function ResendForm({ message, addresses, onDone }: ResendFormProps) {
  const t = useTranslations('admin.dialog');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [refusal, setRefusal] = useState<ResendRefusal | null>(null);
  const [pending, startTransition] = useTransition();
  const chosen = addresses.filter((address) => !left.has(address));

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    startTransition(async () => {
      // By name, so that it goes to nobody whom the dialog does not show; all of more than can be named are all there are.
      const recipients = chosen.length === addresses.length && chosen.length > NAMED_AT_ONCE ? null : chosen;
      const refused = await resendMail({ message, recipients }).catch((): ResendRefusal => 'away');
      // The dialog closes together with the page showing the new state.
      startTransition(() => {
        if (refused === null) onDone(chosen.length);
        else setRefusal(refused);
      });
    });
  }

  return (
    <form onSubmit={submit} className="space-y-4">
      <RecipientChoice addresses={addresses} left={left} onChange={setLeft} disabled={pending} />
      <div aria-live="assertive">
        {refusal === null ? null : (
          <Alert tone="danger">
            {t(`resend.refused.${refusal}`)}{' '}
            {refusal === 'signedOut' ? (
              <a href="/admin" target="_blank" rel="noreferrer" className="underline underline-offset-2">
                {t('signIn')}
              </a>
            ) : null}
          </Alert>
        )}
      </div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{t('cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending || chosen.length === 0}>
          {t('resend.submit', { count: chosen.length })}
        </Button>
      </div>
    </form>
  );
}
