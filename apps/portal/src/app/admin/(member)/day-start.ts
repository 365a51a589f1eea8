import { Temporal } from 'temporal-polyfill';

const day = /^\d{4}-\d{2}-\d{2}$/;
const minute = /^\d{2}:\d{2}$/;

/** When a day (`2026-11-24`) begins in a zone, or the one `later` days after it; null for what is no day. */
export function dayStart(text: string, zone: string, later = 0): string | null {
  const date = day.test(text) ? parsed(() => Temporal.PlainDate.from(text)) : null;
  return date && instantOf(date.add({ days: later }).toZonedDateTime(zone));
}

/**
 * When a minute (`10:30`) of a day begins in a zone, or the one `later` minutes after it; null for what is no such minute. One that the
 * clock passes over is as much later as it is put forward. One that it shows twice begins with the first, and is over with the second.
 */
export function minuteStart(date: string, time: string, zone: string, later = 0): string | null {
  const at = day.test(date) && minute.test(time) ? parsed(() => Temporal.PlainDateTime.from(`${date}T${time}`)) : null;
  return at && instantOf(at.toZonedDateTime(zone, { disambiguation: later > 0 ? 'later' : 'compatible' }).add({ minutes: later }));
}

function parsed<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function instantOf(at: Temporal.ZonedDateTime): string {
  return new Date(at.epochMilliseconds).toISOString();
}
