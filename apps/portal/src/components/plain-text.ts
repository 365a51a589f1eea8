/** Marks that nobody sees and that turn or hide what stands beside them: embeddings, overrides, isolates, and blanks without width. */
const hidden = /[\u200b\u200e\u200f\u2060\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Text that a stranger wrote, to be shown among our own: what is hidden in it is named where it stands, so that
 * `invoice⟨U+202E⟩gpj.exe` does not pass for a picture.
 */
export function plainText(text: string): string {
  return text.replaceAll(hidden, (mark) => `⟨U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}
