import type { ComponentProps } from 'react';
import { classNames } from '../class-names.ts';

/** A text box of several lines. 16 px of type on phones: smaller, and they zoom in. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      className={classNames(
        'block w-full rounded-lg border border-edge bg-surface px-3.5 py-2.5 text-base text-ink placeholder:text-quiet',
        'aria-invalid:border-danger aria-invalid:outline-danger disabled:opacity-60 sm:text-sm',
        className,
      )}
      {...props}
    />
  );
}
