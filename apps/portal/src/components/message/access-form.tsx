'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../confirmation.ts';
import { Alert } from '../ui/alert.tsx';
import { Button } from '../ui/button.tsx';
import { DialogClose } from '../ui/dialog.tsx';
import type { AccessRefusal, ChangeAccess } from './access-change.ts';
import { ReasonField } from './reason-field.tsx';
import { RecipientChoice } from './recipient-choice.tsx';

interface AccessFormProps {
  readonly act: 'revoke' | 'restore';
  readonly message: string;
  readonly addresses: readonly string[];
  readonly unreachable: readonly string[];
  readonly changeAccess: ChangeAccess;
  /** Where whoever was signed out meanwhile signs in again. */
  readonly signInPath: string;
  /** Called when it is in force, with how many recipients it concerns. */
  readonly onDone: (count: number) => void;
}

/** Whom it concerns and why. A refusal is said here, and what was typed stays. */
export function AccessForm({ act, message, addresses, unreachable, changeAccess, signInPath, onDone }: AccessFormProps) {
  const t = useTranslations('admin.dialog');
  const confirm = useConfirmation();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<AccessRefusal | null>(null);
  const [pending, startTransition] = useTransition();
  const chosen = addresses.filter((address) => !left.has(address));

  function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    startTransition(async () => {
      const recipients = chosen.length === addresses.length ? null : chosen;
      const refused = await confirm(() => changeAccess({ act, message, reason, recipients }).catch((): AccessRefusal => 'away'));
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
      <p className="text-sm font-medium" aria-live="polite">
        {t(`${act}.effect`, { count: chosen.length, of: addresses.length })}
      </p>
      {unreachable.length === 0 ? null : <p className="text-sm text-quiet">{t('unreachable', { addresses: unreachable.join(', ') })}</p>}
      <ReasonField value={reason} onChange={setReason} isTooLong={refusal === 'reason'} />
      <div aria-live="assertive">
        {refusal === null || refusal === 'reason' ? null : (
          <Alert tone="danger">
            {t(`refused.${refusal}`)}{' '}
            {refusal === 'signedOut' ? (
              <a href={signInPath} target="_blank" rel="noreferrer" className="underline underline-offset-2">
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
        <Button type="submit" variant={act === 'revoke' ? 'danger' : 'primary'} disabled={pending || chosen.length === 0}>
          {t(`${act}.submit`)}
        </Button>
      </div>
    </form>
  );
}
