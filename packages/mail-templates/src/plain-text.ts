/** Lines of the text part are wrapped here (RFC 5322, 2.1.1); an address of the web is never broken. */
const TEXT_WIDTH = 78;

/** Longest line that SMTP carries, in octets without CRLF (RFC 5321, 4.5.3.1.6). */
export const LINE_LIMIT = 998;

/**
 * Text that may stand in a header: runs of control characters and line separators become one space, so that no CR or
 * LF can begin another header; ends trimmed; lone surrogates replaced. Everything else stays as it is.
 */
export function singleLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}

/**
 * A name as people see it: one line without the marks that turn the direction of writing, which could make an
 * address read like another one, and cut with an ellipsis after `maximum` code points.
 */
export function displayLine(text: string, maximum: number): string {
  return cut(singleLine(text.replaceAll(/[\u202A-\u202E\u2066-\u2069]/gu, '')), maximum);
}

/** The text's first code points, with an ellipsis where something was cut off; at most `maximum` code points in all. */
export function cut(text: string, maximum: number): string {
  const points = Array.from(text);
  return points.length <= maximum ? text : `${points.slice(0, maximum - 1).join('')}…`;
}

/** Lines of a text that an administrator wrote; empty when there is nothing to see. */
export function textLines(text: string | null): string[] {
  if (text === null || text.trim() === '') return [];
  return text
    .trim()
    .split(/\r\n|\r|\n/u)
    .map(singleLine);
}

/** Lines wrapped between words to at most 78 code points; a longer word is broken. */
function wrap(line: string): string[] {
  const lines: string[] = [];
  let current: string[] = [];
  for (const word of line.split(/ +/u).map((part) => Array.from(part))) {
    if (current.length > 0 && current.length + 1 + word.length <= TEXT_WIDTH) {
      current = [...current, ' ', ...word];
      continue;
    }
    if (current.length > 0) lines.push(current.join(''));
    current = word;
    while (current.length > TEXT_WIDTH) {
      lines.push(current.slice(0, TEXT_WIDTH).join(''));
      current = current.slice(TEXT_WIDTH);
    }
  }
  lines.push(current.join(''));
  return lines;
}

/** A text part: paragraphs of lines, wrapped, with an empty line between them; empty paragraphs left out. */
export function textPart(paragraphs: readonly (readonly string[])[]): string {
  const filled = paragraphs.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.flatMap((line) => (isUrl(line) ? [line] : wrap(line))).join('\n')).join('\n\n')}\n`;
}

function isUrl(line: string): boolean {
  return /^https?:\/\/[\u0021-\u007E]+$/u.test(line);
}
