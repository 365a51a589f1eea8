'use client';

import { useInBrowser, useRegion } from './region.ts';

interface LocalTimeProps {
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly locale: string;
  readonly dateStyle?: 'full' | 'long' | 'medium' | 'short';
  readonly timeStyle?: 'long' | 'medium' | 'short';
}

/** A time in the reader's zone, with UTC on hover. The server, which does not know the zone, writes UTC and says so. */
export function LocalTime({ at, locale, dateStyle = 'medium', timeStyle = 'short' }: LocalTimeProps) {
  const inBrowser = useInBrowser();
  const region = useRegion(locale);
  const date = new Date(at);
  const utc = `${new Intl.DateTimeFormat(region, { dateStyle, timeStyle, timeZone: 'UTC' }).format(date)} UTC`;
  return (
    <time dateTime={at} title={utc}>
      {inBrowser ? new Intl.DateTimeFormat(region, { dateStyle, timeStyle }).format(date) : utc}
    </time>
  );
}
