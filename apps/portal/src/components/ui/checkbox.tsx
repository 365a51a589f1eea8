'use client';

import type { ComponentProps } from 'react';
import { classNames } from '../class-names.ts';

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  readonly label: string;
  /** Neither yes nor no: some of those it stands for. */
  readonly indeterminate?: boolean;
}

/** A tick box with its name beside it; the whole line is to be pressed. */
export function Checkbox({ label, indeterminate = false, className, ...props }: CheckboxProps) {
  return (
    <label
      className={classNames('flex min-h-11 cursor-pointer items-center gap-3 px-3.5 py-2 text-sm hover:bg-raised sm:min-h-9', className)}
    >
      <input
        type="checkbox"
        ref={(box) => {
          if (box !== null) box.indeterminate = indeterminate;
        }}
        className="size-4 shrink-0 accent-primary"
        {...props}
      />
      <span className="min-w-0 [overflow-wrap:anywhere]">{label}</span>
    </label>
  );
}
