'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { newPasswordLength } from '@signet/domain/member-authentication';
import { timeTag } from '../../components/time-tag.tsx';
import { Alert } from '../../components/ui/alert.tsx';
import { Field } from '../../components/ui/field.tsx';
import type { PasswordRefusal } from './password-refusal.ts';

/** A password chosen anew, twice, with its rules before and what is wrong with it after. */
export function NewPasswordFields({ refusal }: { readonly refusal: PasswordRefusal | null }) {
  const t = useTranslations('signIn.newPassword');
  const locale = useLocale();
  const first = useRef<HTMLInputElement>(null);
  const again = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (refusal !== null) (refusal.why === 'differs' ? again : first).current?.focus();
  }, [refusal]);
  const why = refusal?.why;
  return (
    <>
      <Field
        ref={first}
        id="new-password"
        name="password"
        type="password"
        label={t('label')}
        hint={
          <ul className="list-disc space-y-0.5 pl-4">
            <li>{t('rule.length', { min: newPasswordLength.min })}</li>
            <li>{t('rule.known')}</li>
            <li>{t('rule.any')}</li>
          </ul>
        }
        error={why === 'rule' ? refusal?.details.map((detail) => t('rule.broken', { detail })).join(' ') : null}
        autoComplete="new-password"
        required
        maxLength={newPasswordLength.max}
      />
      <Field
        ref={again}
        id="new-password-again"
        name="again"
        type="password"
        label={t('again')}
        error={why === 'differs' ? t('differs') : null}
        autoComplete="new-password"
        required
        maxLength={newPasswordLength.max}
      />
      <div aria-live="assertive">
        {refusal === null || why === undefined || why === 'rule' || why === 'differs' ? null : (
          <Alert tone="danger">{t.rich(`refused.${why}`, { time: timeTag(refusal.retryAt, locale) })}</Alert>
        )}
      </div>
    </>
  );
}
