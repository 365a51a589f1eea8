import { z } from 'zod';

/** Line breaks and the other control characters but tab (C0, DEL, C1, Unicode's line and paragraph separators), as a class. */
const controls = String.raw`\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029`;
const controlCharacters = new RegExp(`[${controls}]+`, 'gu');
const withoutControlCharacters = new RegExp(`^[^${controls}]*$`, 'u');

/**
 * Text without control characters but tab, of at most so many characters (code points): what may stand in a record that people and
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
 * U+FFFD, and what is over the maximum (code points, at least 1) is cut off, with an ellipsis.
 */
export function recordTextOf(text: string, maximum: number): string {
  const clean = text.toWellFormed().replace(controlCharacters, ' ').trim();
  if (clean.length <= maximum) return clean;
  const characters = Array.from(clean.slice(0, 2 * (maximum + 1)));
  return characters.length <= maximum ? clean : [...characters.slice(0, maximum - 1), '…'].join('');
}
