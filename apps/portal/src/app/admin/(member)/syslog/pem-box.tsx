import { Label } from '../../../../components/ui/label.tsx';
import { Textarea } from '../../../../components/ui/textarea.tsx';

interface PemBoxProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly error: string | null;
  /** What a text of this kind begins with. */
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A box for a certificate or a key in PEM. */
export function PemBox({ id, label, hint, error, placeholder, value, onChange }: PemBoxProps) {
  return (
    <div className="space-y-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Textarea
        id={id}
        rows={4}
        maxLength={20_000}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        className="font-mono"
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={error === null ? `${id}-hint` : `${id}-hint ${id}-error`}
        {...(error === null ? {} : { 'aria-invalid': true })}
      />
      <p id={`${id}-hint`} className="text-xs text-quiet">
        {hint}
      </p>
      <div aria-live="polite">
        {error === null ? null : (
          <p id={`${id}-error`} className="text-sm text-danger">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
