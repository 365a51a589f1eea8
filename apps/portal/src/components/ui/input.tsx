import type { ComponentProps } from 'react';
import { classNames } from '../class-names.ts';

/** A text box. 16 px of type: smaller, and phones zoom in. */
export function Input({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input
      className={classNames(
        'h-12 w-full rounded-lg border border-edge bg-surface px-3.5 text-base text-ink placeholder:text-quiet',
        'aria-invalid:border-danger aria-invalid:outline-danger disabled:opacity-60 sm:h-11',
        className,
      )}
      {...props}
    />
  );
}
