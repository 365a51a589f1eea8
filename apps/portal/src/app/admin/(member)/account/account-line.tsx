import type { ReactNode } from 'react';

interface AccountLineProps {
  readonly name: ReactNode;
  readonly text: ReactNode;
  /** What can be done with it. */
  readonly children?: ReactNode;
}

/** One thing of the account: what it is, how it stands, what can be done. */
export function AccountLine({ name, text, children }: AccountLineProps) {
  return (
    <div className="flex flex-col gap-x-6 gap-y-2 px-4 py-3 sm:flex-row sm:items-center sm:justify-between">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-2 text-sm font-medium wrap-anywhere">{name}</div>
        <div className="text-sm wrap-anywhere text-quiet">{text}</div>
      </div>
      {children === undefined ? null : <div className="flex shrink-0 flex-wrap gap-2">{children}</div>}
    </div>
  );
}
