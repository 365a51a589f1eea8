'use client';

import type { FieldError } from '@signet/api-contract/problem';
import type { routes } from '@signet/api-contract/routes';
import type { AnswerOf } from '@signet/api-contract/route';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Card } from '../../../../components/ui/card.tsx';
import { drawTemplate } from './change-template.ts';
import type { TemplateRefusal } from './change-template.ts';
import { fieldsOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { MailFrame, PortalFrame } from './preview-frames.tsx';
import type { Scheme } from './preview-frames.tsx';
import { PortalSample } from './portal-sample.tsx';
import type { SampleTexts } from './sample-texts.ts';
import { templatePath } from './template-path.ts';

interface TemplatePreviewProps {
  readonly draft: Draft;
  /** The saved template whose picture is shown. */
  readonly name: string;
  readonly isDefault: boolean;
  readonly sample: SampleTexts;
  /** Another one after the picture has changed. */
  readonly imageKey: string;
  readonly onErrors: (errors: readonly FieldError[]) => void;
}

type Drawing = AnswerOf<typeof routes.previewBrandingTemplate>;

/** Milliseconds of rest after which what was typed is drawn. */
const REST = 400;
/** Widths of windows, in CSS pixels. */
const widths = { desktop: 900, phone: 375 } as const;
type Device = keyof typeof widths;

/** The wrapper mail and the recipient's page as what is typed makes them. */
export function TemplatePreview({ draft, name, isDefault, sample, imageKey, onErrors }: TemplatePreviewProps) {
  const t = useTranslations('templates.preview');
  const [device, setDevice] = useState<Device>('desktop');
  const [scheme, setScheme] = useState<Scheme>('light');
  const [language, setLanguage] = useState('');
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [refusal, setRefusal] = useState<TemplateRefusal | null>(null);
  const wanted = JSON.stringify([fieldsOf(draft, isDefault), imageKey]);

  useEffect(() => {
    let isCurrent = true;
    const draw = async () => {
      const away = { refusal: 'away', errors: [] } as const;
      const [fields]: [ReturnType<typeof fieldsOf>, string] = JSON.parse(wanted);
      const answer = await drawTemplate(name, language === '' ? null : language, fields).catch(() => away);
      if (!isCurrent) return;
      if ('refusal' in answer) {
        setRefusal(answer.refusal);
        if (answer.errors.length > 0) onErrors(answer.errors);
        return;
      }
      setRefusal(null);
      onErrors([]);
      setDrawing(answer);
    };
    const timer = setTimeout(() => void draw(), REST);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, name, language, onErrors]);

  return (
    <section aria-labelledby="preview" className="min-w-0 xl:sticky xl:top-6 xl:self-start">
      <h2 id="preview" className="text-base font-semibold">
        {t('title')}
      </h2>
      <div className="mt-2 flex flex-wrap items-end gap-x-5 gap-y-2">
        <Choice
          legend={t('device')}
          name="device"
          options={['desktop', 'phone']}
          value={device}
          onChange={setDevice}
          words={(one) => t(one)}
        />
        <Choice
          legend={t('scheme')}
          name="scheme"
          options={['light', 'dark']}
          value={scheme}
          onChange={setScheme}
          words={(one) => t(one)}
        />
        <label className="text-sm">
          <span className="mb-1 block text-xs text-quiet">{t('language')}</span>
          <select
            value={language}
            onChange={(event) => setLanguage(event.target.value)}
            className="h-10 rounded-lg border border-edge bg-surface px-2 text-ink"
          >
            <option value="">{t('anyLanguage')}</option>
            {Object.keys(draft.translations).map((tag) => (
              <option key={tag} value={tag}>
                {tag}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p aria-live="polite" className="mt-2 min-h-5 text-sm text-quiet">
        {refusal === null ? (drawing === null ? t('drawing') : null) : t(refusal === 'invalid' ? 'stale' : 'away')}
      </p>
      {drawing === null ? null : (
        <div className="mt-2 grid gap-4 md:grid-cols-2">
          <Card className="overflow-hidden">
            <p className="border-b border-line px-3 py-2 text-xs text-quiet wrap-anywhere">
              <strong className="block text-sm text-ink">{t('mail')}</strong>
              {t('mailHint')} · {t('mailSubject', { subject: drawing.mail.subject })}
            </p>
            <MailFrame title={t('mail')} html={drawing.mail.html} width={widths[device]} scheme={scheme} />
          </Card>
          <Card className="overflow-hidden">
            <p className="border-b border-line px-3 py-2 text-xs text-quiet">
              <strong className="block text-sm text-ink">{t('portal')}</strong>
              {t('portalHint')}
            </p>
            <PortalFrame title={t('portal')} width={widths[device]} scheme={scheme}>
              <PortalSample brand={drawing.portal} texts={sample} logoAddress={`${templatePath(name)}/image?${imageKey}`} />
            </PortalFrame>
          </Card>
        </div>
      )}
    </section>
  );
}

interface ChoiceProps<O extends string> {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly O[];
  readonly value: O;
  readonly onChange: (value: O) => void;
  readonly words: (option: O) => string;
}

function Choice<O extends string>({ legend, name, options, value, onChange, words }: ChoiceProps<O>) {
  return (
    <fieldset>
      <legend className="mb-1 text-xs text-quiet">{legend}</legend>
      <div className="inline-flex overflow-hidden rounded-lg border border-edge">
        {options.map((option) => (
          <label
            key={option}
            className="cursor-pointer px-3 py-2 text-sm has-checked:bg-primary has-checked:text-on-primary has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus"
          >
            <input type="radio" name={name} checked={value === option} onChange={() => onChange(option)} className="sr-only" />
            {words(option)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
