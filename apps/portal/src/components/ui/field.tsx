import type { ComponentProps, ReactNode } from 'react';
import { Input } from './input.tsx';
import { Label } from './label.tsx';

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly id: string;
  readonly label: string;
  /** What to know before typing. */
  readonly hint?: ReactNode;
  /** What is wrong with what was typed, and the mend. */
  readonly error?: ReactNode;
}

/** A text box with its name, what to know about it, and what is wrong with it. */
export function Field({ id, label, hint, error, 'aria-describedby': elsewhere, ...input }: FieldProps) {
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : '', elsewhere].filter(Boolean).join(' ');
  return (
    <div className="space-y-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Input
        id={id}
        {...(error ? { 'aria-invalid': true } : {})}
        {...(described === '' ? {} : { 'aria-describedby': described })}
        {...input}
      />
      {hint ? (
        <div id={`${id}-hint`} className="text-xs text-quiet">
          {hint}
        </div>
      ) : null}
      <div aria-live="polite">
        {error ? (
          <p id={`${id}-error`} className="text-sm text-danger">
            {error}
          </p>
        ) : null}
      </div>
    </div>
  );
}
