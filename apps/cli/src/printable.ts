/** Control characters, and those that turn the direction of what follows: a terminal obeys them. */
const commanding = /[\p{Cc}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

/**
 * A text of others (a subject, a file's name, a mail server's answer) as one line that a terminal shows and does not obey.
 * What it would obey is written as an escape.
 */
export function printable(text: string): string {
  return text.replaceAll(/\r?\n|\t/g, ' ').replaceAll(commanding, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON that means the same and commands no terminal: `JSON.stringify` leaves the controls from U+007F on as they are. */
export function printableJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.codePointAt(0)?.toString(16)}`,
  );
}
