'use client';

import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { useActionState, useEffect, useRef } from 'react';
import { timeTag } from '../../components/time-tag.tsx';
import { Alert } from '../../components/ui/alert.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Label } from '../../components/ui/label.tsx';
import { signIn } from './sign-in.ts';

/** Email and password. It works without script too; a refusal keeps the address and asks for the password again. */
export function SignInForm({ next }: { readonly next: string }) {
  const t = useTranslations('signIn');
  const locale = useLocale();
  const [refusal, submit, pending] = useActionState(signIn, null);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (refusal !== null) password.current?.focus();
  }, [refusal]);
  // When the api is away, or there were too many tries, nothing is wrong with what was typed.
  const faulty = refusal?.why === 'credentials' ? { 'aria-invalid': true, 'aria-describedby': 'sign-in-refusal' } : {};
  return (
    <form action={submit} className="mt-6 space-y-4">
      <input type="hidden" name="next" value={next} />
      <div className="space-y-1.5">
        <Label htmlFor="email">{t('email')}</Label>
        <Input
          id="email"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={320}
          // The key puts back what was typed after React has emptied the form.
          key={refusal?.attempt}
          defaultValue={refusal?.email ?? ''}
          {...faulty}
        />
      </div>
      <div className="space-y-1.5">
        <div className="flex items-baseline justify-between gap-4">
          <Label htmlFor="password">{t('password')}</Label>
          <Link href="/admin/password-reset" prefetch={false} className="rounded text-sm text-primary underline-offset-4 hover:underline">
            {t('forgotten')}
          </Link>
        </div>
        <Input
          ref={password}
          id="password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={1000}
          {...faulty}
        />
      </div>
      <div aria-live="assertive">
        {refusal === null ? null : (
          <Alert tone="danger" id="sign-in-refusal">
            {t.rich(`refused.${refusal.why}`, { time: timeTag(refusal.retryAt, locale) })}
          </Alert>
        )}
      </div>
      <Button type="submit" disabled={pending} className="w-full">
        {t('submit')}
      </Button>
    </form>
  );
}
