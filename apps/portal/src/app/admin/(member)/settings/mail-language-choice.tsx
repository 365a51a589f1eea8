'use client';

import { recipientLanguage, recipientLanguages } from '@signet/domain/recipient-language';
import type { MailLanguages, RecipientLanguage } from '@signet/domain/recipient-language';
import { useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import type { FormEvent } from 'react';
import { useConfirmation } from '../../../../components/confirmation.ts';
import { LanguageName } from '../../../../components/language-name.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import type { ActRefusal } from '../act-refusal.ts';
import { changeSettings } from './change-settings.ts';
import { SaveFoot } from './save-foot.tsx';

interface MailLanguageChoiceProps {
  readonly languages: MailLanguages;
  readonly mayChange: boolean;
}

/** In which languages mails with a link are written, where a template does not say. */
export function MailLanguageChoice({ languages, mayChange }: MailLanguageChoiceProps) {
  const t = useTranslations('admin.settings.languages');
  const confirm = useConfirmation();
  const [first, setFirst] = useState<RecipientLanguage>(languages[0] ?? 'en');
  const [second, setSecond] = useState<RecipientLanguage | null>(languages[1] ?? null);
  const [refusal, setRefusal] = useState<ActRefusal | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [pending, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsSaved(false);
    setRefusal(null);
    const wanted = second === null || second === first ? [first] : [first, second];
    startTransition(async () => {
      const refused = await confirm(() => changeSettings({ mailLanguages: wanted }).catch((): ActRefusal => 'away'));
      startTransition(() => (refused === null ? setIsSaved(true) : setRefusal(refused)));
    });
  }

  return (
    <form onSubmit={submit} className="space-y-5 p-4 sm:p-5" noValidate>
      <div className="grid max-w-md gap-4 sm:grid-cols-2">
        <Choice id="first-language" label={t('first')} value={first} disabled={!mayChange} onChange={(value) => setFirst(value ?? 'en')} />
        <Choice
          id="second-language"
          label={t('second')}
          none={t('none')}
          value={second === first ? null : second}
          without={first}
          disabled={!mayChange}
          onChange={setSecond}
        />
      </div>
      <SaveFoot mayChange={mayChange} pending={pending} saved={isSaved ? t('saved') : null} refusal={refusal} />
    </form>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  /** The choice of no language, where there is one. */
  readonly none?: string;
  readonly value: RecipientLanguage | null;
  /** A language that is chosen elsewhere. */
  readonly without?: RecipientLanguage;
  readonly disabled: boolean;
  readonly onChange: (language: RecipientLanguage | null) => void;
}

function Choice({ id, label, none, value, without, disabled, onChange }: ChoiceProps) {
  return (
    <div className="space-y-1.5">
      <Label htmlFor={id}>{label}</Label>
      <select
        id={id}
        value={value ?? ''}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value === '' ? null : recipientLanguage.parse(event.target.value))}
        className="h-12 w-full rounded-lg border border-edge bg-surface px-3 text-base text-ink disabled:opacity-60 sm:h-11"
      >
        {none === undefined ? null : <option value="">{none}</option>}
        {recipientLanguages
          .filter((language) => language !== without)
          .map((language) => (
            <option key={language} value={language}>
              <LanguageName tag={language} />
            </option>
          ))}
      </select>
    </div>
  );
}
