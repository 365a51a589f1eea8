'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useActionState, useEffect, useRef } from 'react';
import { timeTag } from '../../components/time-tag.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { keepTyped } from './keep-typed.ts';
import { proveByCode } from './second-step.ts';

interface SecondStepFormProps {
  readonly method: 'totp' | 'recovery_code';
  readonly next: string;
}

const boxes = {
  totp: { inputMode: 'numeric', autoComplete: 'one-time-code', maxLength: 20 },
  recovery_code: { autoComplete: 'off', autoCapitalize: 'characters', maxLength: 100 },
} as const;

/** The code of an authenticator app, or a recovery code. It works without script too. */
export function SecondStepForm({ method, next }: SecondStepFormProps) {
  const t = useTranslations('signIn.second');
  const locale = useLocale();
  const [refusal, submit, pending] = useActionState(proveByCode, null);
  const box = useRef<HTMLInputElement>(null);
  // Something new to say, and the first time as well: what is to be typed next is the code.
  useEffect(() => {
    if (refusal === null || refusal.attempt > 0) box.current?.select();
  }, [refusal]);
  return (
    <form action={submit} onSubmit={keepTyped(submit)} className="mt-6 space-y-4">
      <input type="hidden" name="next" value={next} />
      <input type="hidden" name="method" value={method} />
      <Field
        ref={box}
        id="code"
        name="code"
        label={t(`${method}.label`)}
        hint={t(`${method}.hint`)}
        required
        spellCheck={false}
        autoCorrect="off"
        className="font-mono tracking-wider"
        error={refusal === null ? null : t.rich(`refused.${refusal.why}`, { time: timeTag(refusal.retryAt, locale) })}
        {...boxes[method]}
      />
      <Button type="submit" disabled={pending} className="w-full">
        {t('submit')}
      </Button>
    </form>
  );
}
