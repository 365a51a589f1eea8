'use client';

import type { StoredTemplate } from '@signet/api-contract/branding-templates';
import type { FieldError } from '@signet/api-contract/problem';
import { contrastWarnings, hexColor } from '@signet/domain/contrast';
import { recipientLanguages } from '@signet/domain/recipient-language';
import { useTranslations } from 'next-intl';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { LanguageName } from '../../../../components/language-name.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { Switch } from '../../../../components/ui/switch.tsx';
import type { Draft } from './draft.ts';
import { ImageField } from './image-field.tsx';
import { TextFields } from './text-fields.tsx';

interface TemplateFieldsProps {
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly errors: readonly FieldError[];
  readonly mayChange: boolean;
  readonly template: StoredTemplate | null;
  readonly original: StoredTemplate | null;
  /** Told of the template's state after its picture has changed. */
  readonly onImage: (revision: string) => void;
}

const switches = ['forwardingAllowed', 'subjectShown', 'otpEnabled', 'socialIdSignIn'] as const;
const choice = 'h-12 w-full rounded-lg border border-edge bg-surface px-3 text-base text-ink disabled:opacity-60 sm:h-11';

/** Everything that a template consists of. */
export function TemplateFields({ draft, setDraft, errors, mayChange, template, original, onImage }: TemplateFieldsProps) {
  const t = useTranslations('templates');
  const isDefault = template?.isDefault ?? false;
  const isWrong = (field: string) => errors.some(({ pointer }) => pointer === `/${field}` || pointer.startsWith(`/${field}/`));
  const disabled = !mayChange;
  const box = (field: 'name' | 'backgroundColor' | 'privacyStatementUrl' | 'externalMailExpiryInDays') => ({
    id: field,
    name: field,
    label: t(`field.${field}`),
    hint: t(`hint.${field}`),
    error: isWrong(field) ? t(`fault.${field}`) : undefined,
    value: draft[field],
    disabled,
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [field]: event.target.value }),
  });
  const color = hexColor(draft.backgroundColor.trim());
  return (
    <>
      <Card className="space-y-4 p-4 sm:p-5">
        <h2 className="text-base font-semibold">{t('section.look')}</h2>
        {template === null ? <Field {...box('name')} required autoComplete="off" /> : null}
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <Field {...box('backgroundColor')} autoComplete="off" spellCheck={false} />
          </div>
          <input
            type="color"
            aria-label={t('field.pickColor')}
            value={color ?? '#1f3a5f'}
            disabled={disabled}
            onChange={(event) => setDraft({ ...draft, backgroundColor: event.target.value })}
            className="mt-7 h-11 w-12 shrink-0 cursor-pointer rounded-lg border border-edge bg-surface p-1"
          />
        </div>
        <div aria-live="polite" className="space-y-2 empty:hidden">
          {contrastWarnings(draft.backgroundColor.trim()).map(({ code }) => (
            <Alert key={code} tone="warning">
              {t(`warning.${code}`)}
            </Alert>
          ))}
        </div>
        <ImageField template={template} original={original} mayChange={mayChange} onChanged={onImage} />
      </Card>
      <Card className="space-y-4 p-4 sm:p-5">
        <h2 className="text-base font-semibold">{t('section.texts')}</h2>
        <TextFields draft={draft} setDraft={setDraft} errors={errors} mayChange={mayChange} />
        <div className="space-y-1.5">
          <Label htmlFor="mailLanguage">{t('field.mailLanguage')}</Label>
          <select
            id="mailLanguage"
            value={draft.mailLanguage}
            disabled={disabled}
            aria-describedby="mailLanguage-hint"
            onChange={(event) => setDraft({ ...draft, mailLanguage: event.target.value })}
            className={choice}
          >
            <option value="">{t('organizationLanguages')}</option>
            {[...new Set([...recipientLanguages, ...Object.keys(draft.translations), draft.mailLanguage])]
              .filter((tag) => tag !== '')
              .map((tag) => (
                <option key={tag} value={tag}>
                  <LanguageName tag={tag} />
                </option>
              ))}
          </select>
          <p id="mailLanguage-hint" className="text-xs text-quiet">
            {t('hint.mailLanguage')}
          </p>
        </div>
        <Field {...box('privacyStatementUrl')} type="url" inputMode="url" />
      </Card>
      <Card className="space-y-4 p-4 sm:p-5">
        <h2 className="text-base font-semibold">{t('section.terms')}</h2>
        {isDefault ? null : <Field {...box('externalMailExpiryInDays')} inputMode="numeric" autoComplete="off" />}
        {switches.map((field) => (
          <TermSwitch
            key={field}
            field={field}
            label={t(`field.${field}`)}
            hint={field === 'otpEnabled' || field === 'socialIdSignIn' ? t(`hint.${field}`) : undefined}
            error={field === 'otpEnabled' && isWrong(field) ? t('fault.otpEnabled') : undefined}
            checked={draft[field]}
            disabled={disabled}
            onCheckedChange={(on) => setDraft({ ...draft, [field]: on })}
          />
        ))}
      </Card>
    </>
  );
}

interface TermSwitchProps {
  readonly field: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly error: string | undefined;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onCheckedChange: (on: boolean) => void;
}

/** A term that holds or does not, with what it means and why it cannot be so. */
function TermSwitch({ field, label, hint, error, ...control }: TermSwitchProps) {
  const notes = [...(hint === undefined ? [] : [`${field}-hint`]), ...(error === undefined ? [] : [`${field}-error`])];
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <Label htmlFor={field}>{label}</Label>
        {hint === undefined ? null : (
          <p id={`${field}-hint`} className="text-xs text-quiet">
            {hint}
          </p>
        )}
        {error === undefined ? null : (
          <p id={`${field}-error`} className="text-sm text-danger">
            {error}
          </p>
        )}
      </div>
      <Switch id={field} {...control} aria-invalid={error !== undefined} aria-describedby={notes.join(' ') || undefined} />
    </div>
  );
}
