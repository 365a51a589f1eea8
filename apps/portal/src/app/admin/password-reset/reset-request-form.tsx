'use client';

import { memberLifetimes } from '@signet/domain/member-authentication';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { useActionState, useEffect, useRef } from 'react';
import { timeTag } from '../../../components/time-tag.tsx';
import { Alert } from '../../../components/ui/alert.tsx';
import { Button, buttonClasses } from '../../../components/ui/button.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { keepTyped } from '../keep-typed.ts';
import { requestReset } from './request-reset.ts';

/** Asks for the link, and says the same for every address. */
export function ResetRequestForm() {
  const t = useTranslations('signIn');
  const locale = useLocale();
  const [answer, submit, pending] = useActionState(requestReset, null);
  const heading = useRef<HTMLHeadingElement>(null);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (answer?.outcome === 'sent') heading.current?.focus();
    if (answer?.outcome === 'email') box.current?.focus();
  }, [answer]);
  if (answer?.outcome === 'sent') {
    const hours = memberLifetimes.passwordReset / 3600;
    return (
      <>
        <h1 ref={heading} tabIndex={-1} className="mt-5 rounded text-xl font-semibold">
          {t('reset.sent.title')}
        </h1>
        <p className="mt-2 text-sm wrap-anywhere text-quiet">{t('reset.sent.text', { email: answer.email, hours })}</p>
        <Link href="/admin" prefetch={false} className={buttonClasses({ variant: 'secondary', className: 'mt-6 w-full' })}>
          {t('reset.back')}
        </Link>
      </>
    );
  }
  return (
    <>
      <h1 className="mt-5 text-xl font-semibold">{t('reset.title')}</h1>
      <p className="mt-1 text-sm text-quiet">{t('reset.ask')}</p>
      <form action={submit} onSubmit={keepTyped(submit)} className="mt-6 space-y-4">
        <Field
          id="email"
          name="email"
          type="email"
          label={t('email')}
          autoComplete="username"
          required
          maxLength={320}
          ref={box}
          defaultValue={answer?.email ?? ''}
          error={answer?.outcome === 'email' ? t('reset.refused.email') : null}
        />
        {/* When the api is away, or there were too many tries, nothing is wrong with what was typed. */}
        <div aria-live="assertive">
          {answer === null || answer.outcome === 'email' ? null : (
            <Alert tone="danger">{t.rich(`reset.refused.${answer.outcome}`, { time: timeTag(answer.retryAt, locale) })}</Alert>
          )}
        </div>
        <Button type="submit" disabled={pending} className="w-full">
          {t('reset.submit')}
        </Button>
        <Link href="/admin" prefetch={false} className={buttonClasses({ variant: 'ghost', className: 'w-full' })}>
          {t('reset.back')}
        </Link>
      </form>
    </>
  );
}
