import { ListFilter } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button, buttonClasses } from '../../../components/ui/button.tsx';
import { Label } from '../../../components/ui/label.tsx';

/** Looks of a box and of a choice in the panel. */
export const filterBox = 'h-11 sm:h-9 sm:text-sm';
export const filterChoice = `w-full rounded-lg border border-edge bg-surface px-3 text-base text-ink aria-invalid:border-danger ${filterBox}`;

interface FilterPanelProps {
  /** The page that is narrowed, by a GET: what is asked stands in its address. */
  readonly path: string;
  readonly isNarrowed: boolean;
  /** The page as it is without any of this; the path itself, where nothing else stands in the address. */
  readonly cleared?: string;
  readonly words: { readonly open: string; readonly apply: string; readonly clear: string };
  readonly children: ReactNode;
}

/** What a list can be narrowed by: folded away while nothing is. */
export function FilterPanel({ path, isNarrowed, cleared = path, words, children }: FilterPanelProps) {
  return (
    <search>
      <details className="group mt-3" open={isNarrowed}>
        <summary
          className={buttonClasses({
            variant: 'ghost',
            size: 'small',
            className: '-ml-3 list-none gap-1.5 text-quiet group-open:text-ink [&::-webkit-details-marker]:hidden',
          })}
        >
          <ListFilter aria-hidden />
          {words.open}
        </summary>
        <form action={path} className="mt-1 grid gap-3 rounded-2xl border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3">
          {children}
          <div className="flex gap-2 sm:col-span-full">
            <Button type="submit" variant="secondary" size="small">
              {words.apply}
            </Button>
            {isNarrowed ? (
              <Link href={cleared} prefetch={false} className={buttonClasses({ variant: 'ghost', size: 'small' })}>
                {words.clear}
              </Link>
            ) : null}
          </div>
        </form>
      </details>
    </search>
  );
}

interface FilterFieldProps {
  /** Of the box in it. */
  readonly id: string;
  readonly label: string;
  readonly fault?: string | undefined;
  readonly children: ReactNode;
}

/** A box with its name, and below it what is wrong with what it says. */
export function FilterField({ id, label, fault, children }: FilterFieldProps) {
  return (
    <div className="min-w-0 space-y-1">
      <Label htmlFor={id}>{label}</Label>
      {children}
      {fault === undefined ? null : (
        <p id={`${id}-fault`} className="text-xs text-danger">
          {fault}
        </p>
      )}
    </div>
  );
}

/** What marks a box as faulty, and says where its fault is told. */
export function faultMarks(id: string, isFaulty: boolean) {
  return isFaulty ? { 'aria-invalid': true, 'aria-describedby': `${id}-fault` } : {};
}
