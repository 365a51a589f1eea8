'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { typedText } from '../../../../components/typed-text.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { NewPasswordFields } from '../../new-password-fields.tsx';
import type { PasswordRefusal } from '../../password-refusal.ts';
import { changePassword } from './change-password.ts';
import type { PasswordChangeRefusal } from './change-password.ts';

/** The button that changes the password, and its dialog. */
export function PasswordChange({ email }: { readonly email: string }) {
  const t = useTranslations('account.password');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  return (
    <>
      <output className="self-center text-sm text-success empty:hidden">{done ? t('done') : ''}</output>
      <Dialog
        open={open}
        onOpenChange={(wanted) => {
          if (wanted) setDone(false);
          setOpen(wanted);
        }}
      >
        <DialogTrigger asChild>
          <Button variant="secondary" size="small">
            {t('open')}
          </Button>
        </DialogTrigger>
        <DialogContent title={t('open')} description={t('text')} closeLabel={common('close')}>
          <PasswordForm
            email={email}
            onDone={() => {
              setDone(true);
              setOpen(false);
            }}
          />
        </DialogContent>
      </Dialog>
    </>
  );
}

function PasswordForm({ email, onDone }: { readonly email: string; readonly onDone: () => void }) {
  const t = useTranslations('account');
  const locale = useLocale();
  const confirm = useConfirmation();
  const [refusal, setRefusal] = useState<PasswordChangeRefusal | 'differs' | null>(null);
  const [pending, startTransition] = useTransition();
  const current = useRef<HTMLInputElement>(null);
  const answer = refusal === 'differs' ? null : refusal;
  useEffect(() => {
    if (answer !== null && answer.current.length > 0) current.current?.focus();
  }, [answer]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const [currentPassword, newPassword, again] = [typedText(form, 'current'), typedText(form, 'password'), typedText(form, 'again')];
    if (newPassword !== again) {
      setRefusal('differs');
      return;
    }
    setRefusal(null);
    startTransition(async () => {
      const refused = await confirm(() => changePassword({ currentPassword, newPassword }).catch(() => away));
      startTransition(() => (refused === null ? onDone() : setRefusal(refused)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-4">
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field
        ref={current}
        id="current-password"
        name="current"
        type="password"
        label={t('password.current')}
        autoComplete="current-password"
        required
        maxLength={1000}
        error={answer?.current.length ? t('password.wrong') : null}
      />
      <NewPasswordFields refusal={newPasswordRefusalOf(refusal)} />
      <div aria-live="assertive">
        {answer === null || answer.refusal === 'fields' ? null : (
          <Alert tone="danger">{t.rich(`refused.${answer.refusal}`, { time: timeTag(answer.retryAt, locale) })}</Alert>
        )}
      </div>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <DialogClose asChild>
          <Button variant="secondary">{t('cancel')}</Button>
        </DialogClose>
        <Button type="submit" disabled={pending}>
          {t('password.submit')}
        </Button>
      </div>
    </form>
  );
}

const away = { refusal: 'away', current: [], chosen: [], retryAt: '' } as const;

/** What concerns the new password alone. */
function newPasswordRefusalOf(refusal: PasswordChangeRefusal | 'differs' | null): PasswordRefusal | null {
  if (refusal === 'differs') return { why: 'differs', details: [], retryAt: '' };
  return refusal === null || refusal.chosen.length === 0 ? null : { why: 'rule', details: refusal.chosen, retryAt: '' };
}
