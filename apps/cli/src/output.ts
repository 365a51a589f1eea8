import { once } from 'node:events';
import { printable, printableJson } from './printable.ts';
import { boldHead, listFields, renderTable } from './table.ts';
import type { Column } from './table.ts';

/** Writes to stdout, no faster than it is read. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** A line for people that is no result: progress, what a list does not show. */
export function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** So many of something, as people say it. */
export function numberOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What the API answered, as JSON. */
export async function writeJson(value: unknown): Promise<void> {
  await write(`${printableJson(value, 2)}\n`);
}

/** Fields of one thing, one a line. */
export async function writeFields(fields: readonly (readonly [string, unknown])[]): Promise<void> {
  await write(listFields(fields));
}

/** Rows for people, as wide as the terminal; where nobody looks, as wide as they are. */
export async function writeTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], withHead = true): Promise<void> {
  await write(renderTable(columns, rows, { width: terminalWidth(), head: withHead ? boldHead : undefined }));
}

/** How wide the terminal is; undefined where nobody looks. */
export function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}
