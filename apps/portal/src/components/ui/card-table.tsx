import type { ReactNode } from 'react';
import { classNames } from '../class-names.ts';

interface CardTableProps<Column extends string> {
  /** What the table lists, for whoever does not see its heading. */
  readonly caption?: string;
  /** Columns in their order, with the words over them. */
  readonly columns: readonly { readonly name: Column; readonly label: ReactNode; readonly className?: string }[];
  /** Rows of `CardRow`. */
  readonly children: ReactNode;
}

/** A table whose rows become cards on a phone. */
export function CardTable<Column extends string>({ caption, columns, children }: CardTableProps<Column>) {
  return (
    <table className="block w-full text-sm md:table md:table-fixed">
      {caption === undefined ? null : <caption className="sr-only">{caption}</caption>}
      <thead className="hidden md:table-header-group">
        <tr className="text-left text-xs text-quiet">
          {columns.map(({ name, label, className }) => (
            <th key={name} scope="col" className={classNames('px-3 py-2.5 font-medium first:pl-4 last:pr-4', className)}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">{children}</tbody>
    </table>
  );
}

export function CardRow({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return <tr className={classNames('block py-2.5 md:table-row md:py-0', className)}>{children}</tr>;
}

/** One value. `label` stands before it in a card, where no heading says what it is; a card leaves out what has no value. */
export function CardCell({
  label,
  children,
  className,
}: {
  readonly label?: string;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <td
      className={classNames(
        'block px-4 py-0.5 align-top md:table-cell md:px-3 md:py-3 md:first:pl-4 md:last:pr-4',
        'max-md:has-[>.contents:empty]:hidden',
        className,
      )}
    >
      {label === undefined ? null : <span className="text-xs text-quiet md:hidden">{label}: </span>}
      <div className="contents">{children}</div>
    </td>
  );
}
