'use client';

import { useTranslations } from 'next-intl';
import { Checkbox } from '../ui/checkbox.tsx';

interface RecipientChoiceProps {
  readonly addresses: readonly string[];
  /** Those who are left out. */
  readonly left: ReadonlySet<string>;
  readonly onChange: (left: ReadonlySet<string>) => void;
  readonly disabled: boolean;
}

/** All recipients or some of them; a single one is no choice. */
export function RecipientChoice({ addresses, left, onChange, disabled }: RecipientChoiceProps) {
  const t = useTranslations('admin.dialog');
  const [first] = addresses;
  if (addresses.length === 1) return <p className="rounded-lg bg-raised px-3.5 py-2.5 text-sm break-words">{first}</p>;
  const all = left.size === 0;
  const none = addresses.every((address) => left.has(address));
  return (
    <fieldset disabled={disabled} className="min-w-0 overflow-hidden rounded-lg border border-line">
      <legend className="sr-only">{t('recipients')}</legend>
      <Checkbox
        label={t('everyone', { count: addresses.length })}
        checked={all}
        indeterminate={!all && !none}
        onChange={() => onChange(all ? new Set(addresses) : new Set())}
        className="border-b border-line bg-raised font-medium"
      />
      <div className="max-h-48 overflow-y-auto">
        {addresses.map((address) => (
          <Checkbox
            key={address}
            label={address}
            checked={!left.has(address)}
            onChange={() => {
              const changed = new Set(left);
              if (!changed.delete(address)) changed.add(address);
              onChange(changed);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
