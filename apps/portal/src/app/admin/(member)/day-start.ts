import { boundsOf } from '@signet/domain/statistics';

const HOUR = 3_600_000;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** When a day (`2026-11-24`) begins in a zone, or the one `later` days after it; null for what is no day. */
export function dayStart(text: string, zone: string, later = 0): string | null {
  const midnight = new Date(day.test(text) ? `${text}T00:00:00.000Z` : Number.NaN);
  // A calendar that knows no 30 February takes it for March.
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== text) return null;
  const at = midnight.getTime() + later * 24 * HOUR;
  const wanted = new Date(at).toISOString().slice(0, 10);
  const format = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone });
  const starts = boundsOf({ from: new Date(at - 20 * HOUR), to: new Date(at + 20 * HOUR) }, 'day', zone);
  return (starts.slice(1).find((start) => format.format(start) >= wanted) ?? new Date(at)).toISOString();
}
