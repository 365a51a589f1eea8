import type { Conditions } from './conditions.ts';

/** So many days of a path without an order are looked at by themselves where they have enough: years of it need not be sorted for a page. */
const WINDOW_DAYS = [31, 124, 496] as const;
const DAY = 86_400_000;

/** A span of time that is searched from its begin on. */
interface Reach {
  /** RFC 3339 in UTC, as `end`; not known of a search from the oldest on. */
  readonly begin: string | undefined;
  readonly end: string | undefined;
  readonly newer: boolean;
}

/** Where windows of a span end that are shorter than it, the shortest first. */
export function windowEnds({ begin, end, newer }: Reach): string[] {
  if (begin === undefined) return [];
  return WINDOW_DAYS.map((days) => new Date(Date.parse(begin) + (newer ? days : -days) * DAY).toISOString()).filter(
    // Years that PostgreSQL reads too; and in those the order of the texts is that of the times.
    (until) => /^[12]\d{3}-/.test(until) && (end === undefined || (newer ? until < end : until > end)),
  );
}

/** Asks for what lies within a window. */
export function addWindow(where: Conditions, until: string, newer: boolean): void {
  where.add((p) => `e.creation_time ${newer ? '<' : '>='} ${p}::timestamptz`, until);
}
