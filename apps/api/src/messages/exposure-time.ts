import { html, type Html } from '../http/html-text.ts';

/** Writes an instant (RFC 3339 in UTC) for a report. */
export type WriteTime = (at: string) => Html;

/** @param zone a time zone (IANA) that a second line is written in; undefined: UTC alone. */
export function timeWriter(zone: string | undefined): WriteTime {
  const local =
    zone === undefined
      ? null
      : new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });
  return (at) => {
    const utc = `${at.slice(0, 10)} ${at.slice(11, 23)} UTC`;
    return html`<time datetime="${at}"
      >${utc}${local === null ? null : html`<span class="local"> (${local.format(new Date(at))})</span>`}</time
    >`;
  };
}
