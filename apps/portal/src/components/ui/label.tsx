import type { ComponentProps } from 'react';
import { classNames } from '../class-names.ts';

/** The name of a box. */
export function Label({ className, htmlFor, children, ...props }: ComponentProps<'label'>) {
  return (
    <label htmlFor={htmlFor} className={classNames('block text-sm font-medium text-ink', className)} {...props}>
      {children}
    </label>
  );
}
