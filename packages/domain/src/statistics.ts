import type { TrackingPeriod } from './tracking.ts';

/** How finely a time is cut for counting. */
export const intervals = ['hour', 'day'] as const;
export type Interval = (typeof intervals)[number];

/** More intervals than this nobody compares at once. */
export const MOST_INTERVALS = 400;

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** How long an interval is, but where clocks are changed. */
export const intervalLength = { hour: HOUR, day: 24 * HOUR } as const satisfies Record<Interval, number>;

/** Whether a name is one of a time zone (`Europe/Zurich`, `UTC`). */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What names the hour or day of an instant in a zone, growing with time but where clocks are put back. */
function nameIn(zone: string, interval: Interval): (at: number) => string {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone } as const;
  const hour = { hour: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset' } as const;
  const format = new Intl.DateTimeFormat('en', interval === 'hour' ? { ...options, ...hour } : options);
  return (at) => format.format(at);
}

/** The first second of another hour or day after an instant, found by halves: no rule of a zone's clock needs to be known. */
function nextStart(at: number, interval: Interval, nameOf: (at: number) => string): number {
  const here = nameOf(at);
  const length = intervalLength[interval] / SECOND;
  let low = Math.floor(at / SECOND);
  let high = low + length;
  // A day on which clocks are put back is longer.
  while (nameOf(high * SECOND) === here) high += length / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (nameOf(middle * SECOND) === here) low = middle;
    else high = middle;
  }
  return high * SECOND;
}

/**
 * Cuts a time into the hours or days of a zone.
 * @returns where each begins, in order, and at last the end: the first begins with the time itself, and may be a part only.
 */
export function boundsOf(time: { readonly from: Date; readonly to: Date }, interval: Interval, zone: string): Date[] {
  const nameOf = nameIn(zone, interval);
  const bounds: Date[] = [];
  for (let at = time.from.getTime(); at < time.to.getTime(); at = nextStart(at, interval, nameOf)) bounds.push(new Date(at));
  return [...bounds, time.to];
}

/** Where the hour or day that is `back` before the one of an instant begins in a zone: 0 is its own. */
export function startBefore(at: Date, back: number, interval: Interval, zone: string): Date {
  const from = new Date(at.getTime() - (back + 3) * intervalLength[interval]);
  const starts = boundsOf({ from, to: new Date(at.getTime() + SECOND) }, interval, zone).slice(1, -1);
  return starts.at(-1 - back) ?? from;
}

/** How much of a span was recorded. */
export type Coverage = 'whole' | 'partly' | 'none';

/** Spans in which tracking was off, from `since` on; what comes before does not count. Periods are in order and do not overlap. */
export function gapsBetween(
  time: { readonly from: Date; readonly to: Date },
  periods: readonly TrackingPeriod[],
  since: Date,
): { from: Date; to: Date }[] {
  const gaps: { from: Date; to: Date }[] = [];
  let covered = time.from > since ? time.from : since;
  for (const { from, to } of periods) {
    const [start, end] = [from < time.to ? from : time.to, to === null || to > time.to ? time.to : to];
    if (start > covered) gaps.push({ from: covered, to: start });
    if (end > covered) covered = end;
  }
  if (covered < time.to) gaps.push({ from: covered, to: time.to });
  return gaps;
}

/** How much of a span was recorded, by the gaps. */
export function coverageOf(span: { readonly from: Date; readonly to: Date }, gaps: readonly { from: Date; to: Date }[]): Coverage {
  const touching = gaps.filter(({ from, to }) => from < span.to && to > span.from);
  if (touching.length === 0) return 'whole';
  return touching.some(({ from, to }) => from <= span.from && to >= span.to) ? 'none' : 'partly';
}
