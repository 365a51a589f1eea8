'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Field } from '../../../../components/ui/field.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { changeBounceDomain } from './change-bounce-domain.ts';
import { SaveFoot } from './save-foot.tsx';

interface BounceDomainProps {
  readonly domain: string | null;
  readonly mayChange: boolean;
}

/** Where mail that could not be delivered comes back to. */
export function BounceDomain({ domain, mayChange }: BounceDomainProps) {
  const t = useTranslations('admin.settings.bounces');
  const confirm = useConfirmation();
  const [typed, setTyped] = useState(domain ?? '');
  const [refusal, setRefusal] = useState<ActRefusal | 'domain' | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [pending, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsSaved(false);
    setRefusal(null);
    startTransition(async () => {
      const refused = await confirm(() => changeBounceDomain(typed).catch((): ActRefusal => 'away'));
      startTransition(() => (refused === null ? setIsSaved(true) : setRefusal(refused)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-5 p-4 sm:p-5" noValidate>
      <div className="max-w-md">
        <Field
          id="bounce-domain"
          label={t('domain')}
          hint={t('hint')}
          error={refusal === 'domain' ? t('wrong') : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          disabled={!mayChange}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <SaveFoot
        mayChange={mayChange}
        pending={pending}
        saved={isSaved ? t('saved') : null}
        refusal={refusal === 'domain' ? null : refusal}
      />
    </form>
  );
}
