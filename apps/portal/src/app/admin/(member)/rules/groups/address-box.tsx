import { useTranslations } from 'next-intl';
import { Label } from '../../../../../components/ui/label.tsx';
import { Textarea } from '../../../../../components/ui/textarea.tsx';

interface AddressBoxProps {
  readonly typed: string;
  readonly onChange: (typed: string) => void;
  /** How many addresses are typed. */
  readonly count: number;
  /** What to know before typing; null where nothing can be changed. */
  readonly hint: string | null;
  /** Whether a file counts in its place. */
  readonly isPassedOver: boolean;
  readonly error: string | null;
}

/** The addresses of a group, to be read and to be changed. */
export function AddressBox({ typed, onChange, count, hint, isPassedOver, error }: AddressBoxProps) {
  const t = useTranslations('groups');
  return (
    <div className="space-y-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <Label htmlFor="group-addresses">{t('addresses')}</Label>
        <span className="text-xs text-quiet tabular-nums">{t('count', { count })}</span>
      </div>
      <Textarea
        id="group-addresses"
        rows={Math.min(20, Math.max(6, count + 1))}
        spellCheck={false}
        autoCapitalize="none"
        value={typed}
        readOnly={hint === null}
        disabled={isPassedOver}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby="group-addresses-hint group-addresses-error"
        {...(error === null ? {} : { 'aria-invalid': true })}
      />
      <p id="group-addresses-hint" className="text-xs text-quiet empty:hidden">
        {hint}
      </p>
      <div aria-live="polite">
        <p id="group-addresses-error" className="text-sm whitespace-pre-line wrap-anywhere text-danger empty:hidden">
          {error}
        </p>
      </div>
    </div>
  );
}
