import { cva } from 'class-variance-authority';
import type { VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';

/** Looks of a button; also for links that look like one. Each is at least 44 px high on a phone (WCAG 2.2, 2.5.5). */
export const buttonClasses = cva(
  'inline-flex cursor-pointer items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-primary text-on-primary hover:opacity-90',
        secondary: 'border border-edge/60 bg-surface text-ink hover:bg-raised',
        danger: 'bg-danger text-on-danger hover:opacity-90',
        ghost: 'text-ink hover:bg-raised',
        link: 'text-primary underline underline-offset-4 hover:decoration-2',
      },
      size: { large: 'h-12 px-6 text-base', medium: 'h-11 px-4 text-sm sm:h-10', small: 'h-9 px-3 text-sm sm:h-8' },
    },
    defaultVariants: { variant: 'primary', size: 'medium' },
  },
);

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonClasses>;

/** A button; without `type` it submits nothing. */
export function Button({ className, variant, size, type = 'button', ...props }: ButtonProps) {
  return <button type={type} className={buttonClasses({ variant, size, className })} {...props} />;
}
