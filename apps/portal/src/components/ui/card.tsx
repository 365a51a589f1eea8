import type { ComponentProps } from 'react';
import { classNames } from '../class-names.ts';

/** A sheet of paper on the page. */
export function Card({ className, ...props }: ComponentProps<'div'>) {
  return <div className={classNames('rounded-2xl border border-line bg-surface shadow-xs', className)} {...props} />;
}
