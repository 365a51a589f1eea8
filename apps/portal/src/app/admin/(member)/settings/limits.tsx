'use client';

import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Field } from '../../../../components/ui/field.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { changeLimits } from './change-limits.ts';
import { SaveFoot } from './save-foot.tsx';

const MEBIBYTE = 1024 * 1024;

interface LimitsProps {
  readonly maxMessageBytes: number | null;
  readonly maxRecipients: number;
  readonly mayChange: boolean;
}

/** What the organization takes of one message. */
export function Limits({ maxMessageBytes, maxRecipients, mayChange }: LimitsProps) {
  const t = useTranslations('admin.settings.limits');
  const confirm = useConfirmation();
  const shown = {
    size: maxMessageBytes === null ? '' : String(Math.round((maxMessageBytes / MEBIBYTE) * 100) / 100),
    recipients: String(maxRecipients),
  };
  const [size, setSize] = useState(shown.size);
  const [recipients, setRecipients] = useState(shown.recipients);
  const [refusal, setRefusal] = useState<ActRefusal | 'size' | 'recipients' | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [pending, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsSaved(false);
    setRefusal(null);
    startTransition(async () => {
      // What was not touched stays as it is, to the byte, and as somebody else may have changed it meanwhile.
      const changed = { ...(size === shown.size ? {} : { size }), ...(recipients === shown.recipients ? {} : { recipients }) };
      const refused = await confirm(() => changeLimits(changed).catch((): ActRefusal => 'away'));
      startTransition(() => (refused === null ? setIsSaved(true) : setRefusal(refused)));
    });
  }

  const box = { autoComplete: 'off', disabled: !mayChange };
  return (
    <form onSubmit={submit} className="space-y-5 p-4 sm:p-5" noValidate>
      <div className="grid max-w-2xl gap-4 sm:grid-cols-2">
        <Field
          {...box}
          id="max-size"
          label={t('size')}
          hint={t('sizeHint')}
          error={refusal === 'size' ? t('sizeWrong') : undefined}
          inputMode="decimal"
          value={size}
          onChange={(event) => setSize(event.target.value)}
        />
        <Field
          {...box}
          id="max-recipients"
          label={t('recipients')}
          hint={t('recipientsHint')}
          error={refusal === 'recipients' ? t('recipientsWrong') : undefined}
          inputMode="numeric"
          value={recipients}
          onChange={(event) => setRecipients(event.target.value)}
        />
      </div>
      <SaveFoot
        mayChange={mayChange}
        pending={pending}
        saved={isSaved ? t('saved') : null}
        refusal={refusal === 'size' || refusal === 'recipients' ? null : refusal}
      />
    </form>
  );
}
