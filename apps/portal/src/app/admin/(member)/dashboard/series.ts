import type { CountedInterval, Statistics } from '@signet/api-contract/statistics';

/** Colours that stand out from the page, light and dark, by 3 to 1 (WCAG 2.2, 1.4.11). */
export type SeriesColor = 'primary' | 'success' | 'warning' | 'danger' | 'quiet';

/** One line or bar of a chart. */
export interface Series {
  /** Its word in `dashboard.series`. */
  readonly name: SeriesName;
  readonly color: SeriesColor;
  /** Null where it was not recorded: never zero. */
  readonly valueOf: (interval: CountedInterval) => number | null;
}

export type SeriesName =
  | 'sent'
  | 'opened'
  | 'refused'
  | 'revoked'
  | 'OTP'
  | 'Google'
  | 'Microsoft'
  | 'Yahoo'
  | 'Passkey'
  | 'delivered'
  | 'waiting'
  | 'deferred'
  | 'bounced'
  | 'passed';

export const activitySeries = [
  { name: 'sent', color: 'primary', valueOf: ({ sent }) => sent },
  { name: 'opened', color: 'success', valueOf: ({ opened }) => opened },
  { name: 'refused', color: 'danger', valueOf: ({ refused }) => refused },
  { name: 'revoked', color: 'warning', valueOf: ({ revoked }) => revoked },
] as const satisfies readonly Series[];

export const signInSeries = [
  { name: 'OTP', color: 'primary', valueOf: ({ signIns }) => signIns && signIns.OTP },
  { name: 'Google', color: 'success', valueOf: ({ signIns }) => signIns && signIns.Google },
  { name: 'Microsoft', color: 'warning', valueOf: ({ signIns }) => signIns && signIns.Microsoft },
  { name: 'Yahoo', color: 'danger', valueOf: ({ signIns }) => signIns && signIns.Yahoo },
  { name: 'Passkey', color: 'quiet', valueOf: ({ signIns }) => signIns && signIns.Passkey },
] as const satisfies readonly Series[];

export const deliverySeries = [
  { name: 'delivered', color: 'success', valueOf: ({ deliveries }) => deliveries.sent },
  { name: 'waiting', color: 'primary', valueOf: ({ deliveries }) => deliveries.accepted },
  { name: 'deferred', color: 'warning', valueOf: ({ deliveries }) => deliveries.deferred },
  { name: 'bounced', color: 'danger', valueOf: ({ deliveries }) => deliveries.bounced },
  { name: 'passed', color: 'quiet', valueOf: ({ deliveries }) => deliveries.passed },
] as const satisfies readonly Series[];

/** Lines differ in more than colour. */
export const dashes: Readonly<Partial<Record<SeriesName, string>>> = { refused: '3 3', revoked: '7 3' };

/** The sum of what was recorded; null where nothing was. */
export function totalOf(series: Series, intervals: Statistics['intervals']): number | null {
  const values = intervals.map((interval) => series.valueOf(interval)).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** Series that have something to show, or all of them where none has. */
export function tellingSeries(series: readonly Series[], intervals: Statistics['intervals']): readonly Series[] {
  const telling = series.filter((each) => (totalOf(each, intervals) ?? 0) > 0);
  return telling.length === 0 ? series.slice(0, 1) : telling;
}

/** Runs of neighbouring intervals that were not recorded, wholly or in part: from the one to the other, by their beginnings. */
export function unrecordedRuns(intervals: Statistics['intervals']): { readonly first: string; readonly last: string }[] {
  const runs: { first: string; last: string }[] = [];
  let open = false;
  for (const { from, recorded } of intervals) {
    const run = runs.at(-1);
    if (recorded === 'whole') open = false;
    else if (open && run) run.last = from;
    else {
      runs.push({ first: from, last: from });
      open = true;
    }
  }
  return runs;
}
