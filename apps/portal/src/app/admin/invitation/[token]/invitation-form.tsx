'use client';

import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { keepTyped } from '../../keep-typed.ts';
import { NewPasswordFields } from '../../new-password-fields.tsx';
import { acceptInvitation } from './accept-invitation.ts';

interface InvitationFormProps {
  readonly token: string;
  readonly email: string;
}

/** The password that somebody invited will sign in with. It works without script too. */
export function InvitationForm({ token, email }: InvitationFormProps) {
  const t = useTranslations('signIn.invitation');
  const [refusal, submit, pending] = useActionState(acceptInvitation, null);
  return (
    <form action={submit} onSubmit={keepTyped(submit)} className="mt-6 space-y-4">
      <input type="hidden" name="token" value={token} />
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <NewPasswordFields refusal={refusal} />
      <Button type="submit" disabled={pending} className="w-full">
        {t('submit')}
      </Button>
    </form>
  );
}
