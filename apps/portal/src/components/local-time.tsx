'use client';

import { useSyncExternalStore } from 'react';

interface LocalTimeProps {
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly locale: string;
  readonly dateStyle?: 'full' | 'long' | 'medium' | 'short';
  readonly timeStyle?: 'long' | 'medium' | 'short';
}

const unchanging = () => () => undefined;

/** A time in the reader's zone, with UTC on hover. The server, which does not know the zone, writes UTC and says so. */
export function LocalTime({ at, locale, dateStyle = 'medium', timeStyle = 'short' }: LocalTimeProps) {
  const inBrowser = useSyncExternalStore(
    unchanging,
    () => true,
    () => false,
  );
  const date = new Date(at);
  // The reader's own region writes dates its own way: 22 Nov in Britain, Nov 22 in America.
  const region = inBrowser ? navigator.languages.find((language) => language.startsWith(`${locale}-`)) : undefined;
  const utc = `${new Intl.DateTimeFormat(region ?? locale, { dateStyle, timeStyle, timeZone: 'UTC' }).format(date)} UTC`;
  return (
    <time dateTime={at} title={utc}>
      {inBrowser ? new Intl.DateTimeFormat(region ?? locale, { dateStyle, timeStyle }).format(date) : utc}
    </time>
  );
}
