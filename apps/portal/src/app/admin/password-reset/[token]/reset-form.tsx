'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useActionState, useEffect, useRef } from 'react';
import { Button, buttonClasses } from '../../../../components/ui/button.tsx';
import { NewPasswordFields } from '../../new-password-fields.tsx';
import { completeReset } from './complete-reset.ts';

interface ResetFormProps {
  readonly token: string;
  readonly email: string;
  readonly organization: string;
}

/** The new password, and then the way to sign in with it. */
export function ResetForm({ token, email, organization }: ResetFormProps) {
  const t = useTranslations('signIn.reset');
  const [answer, submit, pending] = useActionState(completeReset, null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (answer === 'done') heading.current?.focus();
  }, [answer]);
  if (answer === 'done') {
    return (
      <>
        <h1 ref={heading} tabIndex={-1} className="mt-5 rounded text-xl font-semibold">
          {t('done.title')}
        </h1>
        <p className="mt-2 text-sm text-quiet">{t('done.text')}</p>
        <Link href="/admin" prefetch={false} className={buttonClasses({ className: 'mt-6 w-full' })}>
          {t('done.next')}
        </Link>
      </>
    );
  }
  return (
    <>
      <h1 className="mt-5 text-xl font-semibold">{t('title')}</h1>
      <p className="mt-1 text-sm wrap-anywhere text-quiet">{t('for', { email, organization })}</p>
      <form action={submit} className="mt-6 space-y-4">
        <input type="hidden" name="token" value={token} />
        {/* For password managers: whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <NewPasswordFields refusal={answer} />
        <Button type="submit" disabled={pending} className="w-full">
          {t('change')}
        </Button>
      </form>
    </>
  );
}
