/** The conditions of a search as SQL with parameters: no value ever stands in the text. `$1` is the organization. */
export class Conditions {
  readonly values: unknown[];
  readonly #parts: string[] = [];

  constructor(organizationId: string) {
    this.values = [organizationId];
  }

  /** The conditions, each led in by `and`. */
  get sql(): string {
    return this.#parts.map((part) => ` and ${part}`).join('');
  }

  /** @param condition makes the SQL of the values' placeholders. NUL, which PostgreSQL holds in no text, makes it false. */
  add(condition: (...placeholders: string[]) => string, ...values: readonly unknown[]): void {
    if (values.some((value) => typeof value === 'string' && value.includes('\0'))) {
      this.#parts.push('false');
      return;
    }
    const placeholders = values.map((value) => `$${this.values.push(value)}`);
    this.#parts.push(condition(...placeholders));
  }

  /**
   * An address, or its beginning followed by `*`, compared without regard to case.
   * @param column holds addresses in lower case.
   */
  addAddress(column: string, addressOrPrefix: string, within: (condition: string) => string = (condition) => condition): void {
    const wanted = addressOrPrefix.trim().toLowerCase();
    if (wanted.endsWith('*')) this.add((p) => within(`starts_with(${column}, ${p})`), wanted.slice(0, -1));
    else this.add((p) => within(`${column} = ${p}`), wanted);
  }

  /**
   * Texts that begin with a prefix, as a range: so an index leads to them, which it may not for `starts_with` where row-level security holds.
   * @param column is in the order of bytes (collation "C").
   */
  addRange(column: string, prefix: string): void {
    this.add((p) => `${column} >= ${p} and ${column} < ${p}::text || U&'\\+10FFFF'`, prefix);
  }
}
