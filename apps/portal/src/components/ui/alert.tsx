import { cva } from 'class-variance-authority';
import type { VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';

const alertClasses = cva('rounded-lg border px-4 py-3 text-sm', {
  variants: {
    tone: {
      note: 'border-line bg-raised text-ink',
      danger: 'border-danger/30 bg-danger-wash text-danger',
      warning: 'border-warning/30 bg-warning-wash text-warning',
      success: 'border-success/30 bg-success-wash text-success',
    },
  },
  defaultVariants: { tone: 'note' },
});

/** A framed remark. Where it appears after the page was shown, put it inside an element with `aria-live`. */
export function Alert({ className, tone, ...props }: ComponentProps<'div'> & VariantProps<typeof alertClasses>) {
  return <div className={alertClasses({ tone, className })} {...props} />;
}
