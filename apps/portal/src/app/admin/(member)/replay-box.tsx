'use client';

import { useTranslations } from 'next-intl';
import { Field } from '../../../components/ui/field.tsx';

interface ReplayBoxProps {
  /** Where it would go on without. */
  readonly place: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | null;
}

/** From which place of the log on a receiver is sent entries. */
export function ReplayBox({ place, value, onChange, error }: ReplayBoxProps) {
  const t = useTranslations('receivers');
  return (
    <Field
      id="replay-index"
      label={t('index')}
      hint={t('indexHint', { place })}
      inputMode="numeric"
      autoComplete="off"
      maxLength={15}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error}
    />
  );
}

/** The place that was typed; null where it is none. */
export function placeIn(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text) : null;
}
