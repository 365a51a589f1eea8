/** HTML that is ready: made by `html` alone, so that no text gets into it unescaped. */
export class Html {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** What may stand in a template: texts and numbers are escaped, HTML is taken as it is, null is nothing. */
type Part = Html | string | number | null | readonly Part[];

/** A template of HTML: `html\`<p>${text}</p>\`` escapes what it is given, whatever stands around it in quotes or between tags. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(pieces.map((piece, index) => piece + sourceOf(parts[index] ?? null)).join(''));
}

function sourceOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.source;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(sourceOf).join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Characters that turn the direction of what follows, and control characters: what a text could hide behind. */
const deceiving = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A text from outside with what could make it read like another one written out, e.g. `[U+202E]`. */
export function plainly(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(deceiving, (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`);
}

/** The same within a page: in its own direction, which reaches nothing around it. */
export function foreign(text: string): Html {
  return html`<bdi>${plainly(text)}</bdi>`;
}
