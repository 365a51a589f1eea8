/**
 * Text as PostgreSQL can hold it: NUL and halves of surrogate pairs become U+FFFD. What came from outside (a subject, a file
 * name, a search) must not keep its message out, or its record from being written.
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** JSON all of whose texts PostgreSQL can hold. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storableText(item) : item));
}
