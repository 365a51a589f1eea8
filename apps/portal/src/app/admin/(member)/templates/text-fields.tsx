'use client';

import type { FieldError } from '@signet/api-contract/problem';
import { isLanguageTag, templateLimits, translatedTexts, type TranslatedText } from '@signet/domain/branding-template';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { Textarea } from '../../../../components/ui/textarea.tsx';
import { emptyTexts } from './draft.ts';
import type { Draft } from './draft.ts';

interface TextFieldsProps {
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly errors: readonly FieldError[];
  readonly mayChange: boolean;
}

/** The texts, in one language at a time. */
export function TextFields({ draft, setDraft, errors, mayChange }: TextFieldsProps) {
  const t = useTranslations('templates');
  const [language, setLanguage] = useState('');
  const [added, setAdded] = useState('');
  const [isNoLanguage, setNoLanguage] = useState(false);
  const tags = Object.keys(draft.translations);
  const texts = (language === '' ? undefined : draft.translations[language]) ?? draft.texts;
  const change = (field: TranslatedText, value: string) => {
    const changed = { ...texts, [field]: value };
    setDraft(language === '' ? { ...draft, texts: changed } : { ...draft, translations: { ...draft.translations, [language]: changed } });
  };
  const add = () => {
    const tag = added.trim();
    setNoLanguage(!isLanguageTag(tag));
    if (!isLanguageTag(tag)) return;
    if (!tags.includes(tag)) setDraft({ ...draft, translations: { ...draft.translations, [tag]: emptyTexts } });
    setLanguage(tag);
    setAdded('');
  };
  const removeLanguage = () => {
    const { [language]: _, ...rest } = draft.translations;
    setDraft({ ...draft, translations: rest, mailLanguage: draft.mailLanguage === language ? '' : draft.mailLanguage });
    setLanguage('');
  };
  return (
    <>
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="mb-1.5 text-sm font-medium">{t('language')}</legend>
        {['', ...tags].map((tag) => (
          <label
            key={tag}
            className="cursor-pointer rounded-full border border-edge/60 px-3 py-1.5 text-sm has-checked:bg-primary has-checked:text-on-primary has-focus-visible:outline-2 has-focus-visible:outline-focus"
          >
            <input type="radio" name="text-language" checked={language === tag} onChange={() => setLanguage(tag)} className="sr-only" />
            {tag === '' ? t('ownTexts') : tag}
          </label>
        ))}
      </fieldset>
      {mayChange ? (
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <Field
              id="add-language"
              label={t('addLanguage')}
              placeholder="de"
              value={added}
              autoComplete="off"
              onChange={(event) => setAdded(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
              error={isNoLanguage ? t('fault.language') : undefined}
            />
          </div>
          <Button variant="secondary" className="mt-7 h-12 sm:h-11" onClick={add}>
            {t('add')}
          </Button>
        </div>
      ) : null}
      <p className="text-xs text-quiet">{t('hint.texts')}</p>
      {translatedTexts.map((field) => (
        <TextBox
          key={field}
          field={field}
          value={texts[field]}
          language={language}
          disabled={!mayChange}
          isWrong={errors.some(({ pointer }) => pointer === (language === '' ? `/${field}` : `/translations/${language}/${field}`))}
          onChange={(value) => change(field, value)}
        />
      ))}
      {language !== '' && mayChange ? (
        <Button variant="secondary" size="small" onClick={removeLanguage}>
          {t('removeLanguage', { language })}
        </Button>
      ) : null}
    </>
  );
}

interface TextBoxProps {
  readonly field: TranslatedText;
  readonly value: string;
  readonly language: string;
  readonly disabled: boolean;
  readonly isWrong: boolean;
  readonly onChange: (value: string) => void;
}

function TextBox({ field, value, language, disabled, isWrong, onChange }: TextBoxProps) {
  const t = useTranslations('templates');
  const limit = templateLimits[field];
  const wrong = isWrong || value.length > limit;
  return (
    <div className="space-y-1.5">
      <Label htmlFor={field}>{t(`field.${field}`)}</Label>
      <Textarea
        id={field}
        rows={field === 'portalText' || field === 'readButtonText' ? 1 : 3}
        value={value}
        disabled={disabled}
        lang={language === '' ? undefined : language}
        aria-invalid={wrong}
        aria-describedby={`${field}-count`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${field}-count`} className={wrong ? 'text-sm text-danger' : 'text-xs text-quiet tabular-nums'}>
        {t('count', { length: value.length, limit })}
        {wrong ? ` · ${t('fault.text', { limit })}` : null}
      </p>
    </div>
  );
}
