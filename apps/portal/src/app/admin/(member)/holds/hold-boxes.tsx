import { holdKinds } from '@signet/domain/legal-hold';
import { useTranslations } from 'next-intl';
import { Field } from '../../../../components/ui/field.tsx';
import type { HoldDraft, HoldRefusal } from './change-holds.ts';

interface HoldBoxesProps {
  readonly draft: HoldDraft;
  readonly onChange: (draft: HoldDraft) => void;
  /** Why the last try was refused. */
  readonly refusal: HoldRefusal | null;
}

/** What a hold is to keep: a message, or an address's mail or everything, of some days or of all time. */
export function HoldBoxes({ draft, onChange, refusal }: HoldBoxesProps) {
  const t = useTranslations('custody.holds');
  const text = (name: 'message' | 'address' | 'from' | 'to', error: string | null) => ({
    id: `hold-${name}`,
    label: t(`box.${name}`),
    value: draft[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { readonly target: { readonly value: string } }) => onChange({ ...draft, [name]: event.target.value }),
    error,
  });
  const wrong = (name: 'address' | 'from' | 'to') => (refusal === name ? t(`wrong.${name}`) : null);
  return (
    <>
      <fieldset>
        <legend className="text-sm font-medium">{t('box.kind')}</legend>
        {holdKinds.map((kind) => (
          <label key={kind} className="flex min-h-9 cursor-pointer items-center gap-3 text-sm">
            <input
              type="radio"
              name="hold-kind"
              value={kind}
              checked={draft.kind === kind}
              onChange={() => onChange({ ...draft, kind })}
              className="size-4 shrink-0 accent-primary"
            />
            {t(`box.kinds.${kind}`)}
          </label>
        ))}
      </fieldset>
      {draft.kind === 'message' ? (
        <Field
          {...text('message', refusal === 'message' || refusal === 'ambiguous' ? t(`wrong.${refusal}`) : null)}
          autoCapitalize="none"
          maxLength={1000}
        />
      ) : null}
      {draft.kind === 'address' ? (
        <Field {...text('address', wrong('address'))} autoCapitalize="none" inputMode="email" maxLength={320} />
      ) : null}
      {draft.kind === 'message' ? null : (
        <div>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field {...text('from', wrong('from'))} type="date" aria-describedby="hold-span-hint" />
            <Field {...text('to', wrong('to'))} type="date" aria-describedby="hold-span-hint" />
          </div>
          <p id="hold-span-hint" className="mt-1.5 text-xs text-quiet">
            {t('box.spanHint')}
          </p>
        </div>
      )}
    </>
  );
}
