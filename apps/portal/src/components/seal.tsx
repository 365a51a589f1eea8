import type { ComponentProps } from 'react';

/** Signet's mark: a ring with its seal. */
export function Seal(props: ComponentProps<'svg'>) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" {...props}>
      <circle cx="12" cy="12" r="9.25" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="12" cy="12" r="5.5" fill="currentColor" />
    </svg>
  );
}
