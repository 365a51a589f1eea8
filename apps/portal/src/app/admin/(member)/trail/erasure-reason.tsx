import { useTranslations } from 'next-intl';
import { Field } from '../../../../components/ui/field.tsx';

interface ErasureReasonProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isMissing: boolean;
}

/** The box that asks which request or order an erasure follows. */
export function ErasureReason({ value, onChange, isMissing }: ErasureReasonProps) {
  const t = useTranslations('log.erasure');
  return (
    <Field
      id="erasure-reason"
      label={t('reason')}
      hint={t('reasonHint')}
      autoComplete="off"
      required
      maxLength={1000}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={isMissing ? t('reasonNeeded') : null}
    />
  );
}
