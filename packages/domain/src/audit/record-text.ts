import { z } from 'zod';

/** Line breaks and the other control characters but tab (C0, DEL, C1, Unicode's line and paragraph separators), as a class. */
const controls = String.raw`\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029`;
const controlCharacters = new RegExp(`[${controls}]+`, 'gu');
const withoutControlCharacters = new RegExp(`^[^${controls}]*$`, 'u');

/**
 * Text without control characters but tab, of at most so many UTF-16 units: what may stand in a record that people and
 * SIEMs read line by line. Lone surrogates are refused too: RFC 8785 and PostgreSQL know no text with them.
 */
export function recordText(maximum: number) {
  return z
    .string()
    .max(maximum)
    .regex(withoutControlCharacters, { error: 'must not contain control characters or line breaks' })
    .refine((text) => text.isWellFormed(), { error: 'must not contain half a surrogate pair' });
}

/**
 * Any text in a form that `recordText` accepts, for what comes from outside and must not stop a record from being
 * written (a subject, a user agent, a server's answer): runs of control characters become one space, lone surrogates
 * U+FFFD, and what is over the maximum (UTF-16 units) is cut off, with an ellipsis, never inside a character.
 */
export function recordTextOf(text: string, maximum: number): string {
  const clean = text.toWellFormed().replace(controlCharacters, ' ').trim();
  if (clean.length <= maximum) return clean;
  const cut = clean.slice(0, Math.max(0, maximum - 1));
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`.slice(0, maximum);
}
