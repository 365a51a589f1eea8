import { cva } from 'class-variance-authority';
import type { VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';

const badgeClasses = cva('inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap', {
  variants: {
    tone: {
      neutral: 'bg-raised text-quiet ring-1 ring-line ring-inset',
      success: 'bg-success-wash text-success',
      warning: 'bg-warning-wash text-warning',
      danger: 'bg-danger-wash text-danger',
    },
  },
  defaultVariants: { tone: 'neutral' },
});

/** A state in one or two words. */
export function Badge({ className, tone, ...props }: ComponentProps<'span'> & VariantProps<typeof badgeClasses>) {
  return <span className={badgeClasses({ tone, className })} {...props} />;
}
