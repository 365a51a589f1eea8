'use client';

import { recordedForm, recordedForms } from '@signet/domain/privacy-policy';
import type { PrivacyPolicy, RecordedForm } from '@signet/domain/privacy-policy';
import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { Label } from '../../../../components/ui/label.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { changeSettings } from './change-settings.ts';
import { SaveFoot } from './save-foot.tsx';

const fields = ['recordedClientIp', 'recordedUserAgent', 'recordedSubject'] as const satisfies readonly (keyof PrivacyPolicy)[];

interface RecordingChoiceProps {
  readonly policy: PrivacyPolicy;
  readonly mayChange: boolean;
}

/** How much the trail says of readers and subjects. Nothing here undoes anything: what was recorded stays. */
export function RecordingChoice({ policy, mayChange }: RecordingChoiceProps) {
  const t = useTranslations('admin.settings.privacy');
  const confirm = useConfirmation();
  const [chosen, setChosen] = useState(policy);
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [pending, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsSaved(false);
    setRefusal(null);
    startTransition(async () => {
      // What was not touched may have been changed by somebody else meanwhile.
      const changed = Object.fromEntries(fields.filter((field) => chosen[field] !== policy[field]).map((field) => [field, chosen[field]]));
      const refused = await confirm(() => changeSettings(changed).catch((): ActRefusal => 'away'));
      startTransition(() => (refused === null ? setIsSaved(true) : setRefusal(refused)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-5 p-4 sm:p-5" noValidate>
      {fields.map((field) => (
        <Choice
          key={field}
          field={field}
          value={chosen[field]}
          disabled={!mayChange}
          onChange={(form) => setChosen({ ...chosen, [field]: form })}
        />
      ))}
      <SaveFoot mayChange={mayChange} pending={pending} saved={isSaved ? t('saved') : null} refusal={refusal} />
    </form>
  );
}

interface ChoiceProps {
  readonly field: (typeof fields)[number];
  readonly value: RecordedForm;
  readonly disabled: boolean;
  readonly onChange: (form: RecordedForm) => void;
}

/** One field's choice, and below it what it means and what it costs. */
function Choice({ field, value, disabled, onChange }: ChoiceProps) {
  const t = useTranslations('admin.settings.privacy');
  return (
    <div className="max-w-prose space-y-1.5">
      <Label htmlFor={field}>{t(`${field}.label`)}</Label>
      <select
        id={field}
        value={value}
        disabled={disabled}
        aria-describedby={`${field}-meaning`}
        onChange={(event) => onChange(recordedForm.parse(event.target.value))}
        className="block h-12 w-full max-w-md rounded-lg border border-edge bg-surface px-3 text-base text-ink disabled:opacity-60 sm:h-11"
      >
        {recordedForms.map((form) => (
          <option key={form} value={form}>
            {t(`${field}.${form}`)}
          </option>
        ))}
      </select>
      <p id={`${field}-meaning`} aria-live="polite" className="text-sm text-quiet">
        {t(`${field}.${value}Meaning`)}
      </p>
    </div>
  );
}
