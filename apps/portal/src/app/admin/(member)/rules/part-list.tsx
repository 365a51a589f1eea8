'use client';

import type { FieldError } from '@signet/api-contract/problem';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Input } from '../../../../components/ui/input.tsx';
import { Label } from '../../../../components/ui/label.tsx';
import { Textarea } from '../../../../components/ui/textarea.tsx';
import { fieldsOf } from './rule-kinds.ts';
import type { actionKinds, conditionKinds, Draft } from './rule-kinds.ts';

type Kind = keyof typeof conditionKinds | keyof typeof actionKinds;

export interface PartListProps {
  /** The list's name in the rule. */
  readonly name: 'conditions' | 'exceptions' | 'actions';
  readonly kinds: readonly Kind[];
  readonly parts: readonly Draft[];
  readonly templates: readonly string[];
  readonly groups: readonly string[];
  readonly errors: readonly FieldError[];
  readonly onChange: (parts: readonly Draft[]) => void;
}

const selectClasses =
  'h-12 w-full rounded-lg border border-edge bg-surface px-3 text-base text-ink aria-invalid:border-danger sm:h-11 sm:text-sm';

/** Conditions, exceptions or actions: each with its kind, its boxes and what is wrong with them. */
export function PartList({ name, kinds, parts, templates, groups, errors, onChange }: PartListProps) {
  const t = useTranslations('rules.editor');
  const own = errors.filter(({ pointer }) => pointer === `/${name}`);
  const replace = (changed: Draft) => onChange(parts.map((part) => (part.key === changed.key ? changed : part)));
  const add = () => {
    const key = Math.max(0, ...parts.map((part) => part.key)) + 1;
    onChange([...parts, { key, kind: kinds[0] ?? '', texts: {} }]);
  };
  return (
    <fieldset className="min-w-0" aria-describedby={own.length > 0 ? `${name}-error` : undefined}>
      <legend className="text-base font-semibold">{t(`${name}.title`)}</legend>
      <p className="text-sm text-quiet">{t(`${name}.text`)}</p>
      <ol className="mt-2 space-y-2">
        {parts.map((part, index) => (
          <li key={part.key} className="rounded-lg border border-line p-3">
            <Part
              part={part}
              title={t(`${name}.one`, { number: index + 1 })}
              removal={t(`${name}.remove`, { number: index + 1 })}
              kinds={kinds}
              templates={templates}
              groups={groups}
              place={`/${name}/${index}`}
              errors={errors}
              onChange={replace}
              onRemove={() => onChange(parts.filter((other) => other.key !== part.key))}
            />
          </li>
        ))}
      </ol>
      <div aria-live="polite">
        {own.map(({ detail }) => (
          <p key={detail} id={`${name}-error`} className="mt-1.5 text-sm text-danger">
            {parts.length === 0 ? t(`${name}.missing`) : detail}
          </p>
        ))}
      </div>
      <Button variant="secondary" size="small" className="mt-2" onClick={add}>
        <Plus aria-hidden />
        {t(`${name}.add`)}
      </Button>
    </fieldset>
  );
}

interface PartProps extends Omit<PartListProps, 'name' | 'parts' | 'onChange'> {
  readonly part: Draft;
  readonly title: string;
  readonly removal: string;
  readonly place: string;
  readonly onChange: (part: Draft) => void;
  readonly onRemove: () => void;
}

function Part({ part, title, removal, kinds, templates, groups, place, errors, onChange, onRemove }: PartProps) {
  const t = useTranslations('rules.editor');
  const id = useId();
  const own = errors.filter(({ pointer }) => pointer === place || pointer === `${place}/kind`);
  const choices = { template: templates, groups } as const;
  return (
    <div className="space-y-3">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1 space-y-1.5">
          <Label htmlFor={`${id}-kind`}>{title}</Label>
          <select
            id={`${id}-kind`}
            value={part.kind}
            onChange={(event) => onChange({ ...part, kind: event.target.value })}
            className={selectClasses}
            {...(own.length > 0 ? { 'aria-invalid': true, 'aria-describedby': `${id}-kind-error` } : {})}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`kind.${kind}`)}
              </option>
            ))}
          </select>
        </div>
        <Button variant="ghost" className="px-3" aria-label={removal} onClick={onRemove}>
          <X aria-hidden />
        </Button>
      </div>
      <Fault id={`${id}-kind-error`}>{own.map(({ detail }) => detail).join('; ')}</Fault>
      {fieldsOf(part.kind).map(({ name, box }) => {
        const value = part.texts[name] ?? '';
        const at = `${place}/${name}`;
        const wrong = errors.filter(({ pointer }) => pointer === at || pointer.startsWith(`${at}/`));
        const field = `${id}-${name}`;
        const described = {
          id: field,
          value,
          'aria-describedby': `${field}-hint ${field}-error`,
          ...(wrong.length > 0 ? { 'aria-invalid': true } : {}),
          onChange: (event: { target: { value: string } }) => onChange({ ...part, texts: { ...part.texts, [name]: event.target.value } }),
        };
        return (
          <div key={name} className="space-y-1.5">
            <Label htmlFor={field}>{t(`field.${name}`)}</Label>
            {box === 'template' || box === 'groups' ? (
              <select {...described} className={selectClasses}>
                <option value="">{t('choose')}</option>
                {withOwn(choices[box], value).map((choice) => (
                  <option key={choice}>{choice}</option>
                ))}
              </select>
            ) : box === 'list' ? (
              <Textarea {...described} rows={Math.min(8, Math.max(2, value.split('\n').length))} spellCheck={false} />
            ) : (
              <Input {...described} autoComplete="off" {...(box === 'line' ? {} : { inputMode: 'decimal' as const })} />
            )}
            <p id={`${field}-hint`} className="text-xs text-quiet empty:hidden">
              {box === 'list'
                ? t('oneALine')
                : box === 'groups'
                  ? t('groupsHint')
                  : name === 'days'
                    ? t('daysHint')
                    : name === 'text'
                      ? t('rejectHint')
                      : null}
            </p>
            <Fault id={`${field}-error`}>{wrong.map(({ detail }) => detail).join('; ')}</Fault>
          </div>
        );
      })}
    </div>
  );
}

/** What there is to choose, with what is chosen already: a rule may name several groups, or one in another case. */
function withOwn(choices: readonly string[], value: string): readonly string[] {
  return value === '' || choices.includes(value) ? choices : [value, ...choices];
}

function Fault({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <div aria-live="polite">
      <p id={id} className="text-sm text-danger empty:hidden">
        {children}
      </p>
    </div>
  );
}
