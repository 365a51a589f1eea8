import { stringify } from 'csv-stringify/sync';
import { slicesOf } from './slices-of.ts';

/** A column: what stands above it, and what a row has there. */
export type CsvColumn<T> = readonly [head: string, valueOf: (row: T) => string | null];

/**
 * Rows as RFC 4180 has them, in UTF-8 without a byte order mark, their heads first; piece by piece. A cell that a spreadsheet would run as
 * a formula is made harmless.
 */
export async function* csvText<T>(columns: readonly CsvColumn<T>[], batches: AsyncIterable<readonly T[]>): AsyncGenerator<string> {
  yield csvOf([columns.map(([head]) => head)]);
  for await (const batch of slicesOf(batches)) yield csvOf(batch.map((row) => columns.map(([, valueOf]) => valueOf(row))));
}

function csvOf(rows: (string | null)[][]): string {
  return stringify(rows, { record_delimiter: 'windows', escape_formulas: true });
}

/** What a spreadsheet would run as a formula begins with one of these. */
const formula = /^[=+\-@\t\r＝＋－＠]/u;

/** A text as a cell that shows it and runs nothing, as `escape_formulas` makes whole cells. */
export function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}
