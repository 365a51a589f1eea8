'use client';

import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { keepTyped } from '../../keep-typed.ts';
import { NewPasswordFields } from '../../new-password-fields.tsx';
import { completeReset } from './complete-reset.ts';

interface ResetFormProps {
  readonly token: string;
  readonly email: string;
  readonly organization: string;
}

/** The new password, by the link that was mailed. It works without script too. */
export function ResetForm({ token, email, organization }: ResetFormProps) {
  const t = useTranslations('signIn.reset');
  const [refusal, submit, pending] = useActionState(completeReset, null);
  return (
    <>
      <h1 className="mt-5 text-xl font-semibold">{t('title')}</h1>
      <p className="mt-1 text-sm wrap-anywhere text-quiet">{t('for', { email, organization })}</p>
      <form action={submit} onSubmit={keepTyped(submit)} className="mt-6 space-y-4">
        <input type="hidden" name="token" value={token} />
        {/* For password managers: whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <NewPasswordFields refusal={refusal} />
        <Button type="submit" disabled={pending} className="w-full">
          {t('change')}
        </Button>
      </form>
    </>
  );
}
