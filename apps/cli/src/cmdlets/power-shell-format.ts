import { printable } from '../printable.ts';
import { listFields, renderTable } from '../table.ts';

/** Properties of one object, in their order. */
export type Properties = readonly (readonly [string, unknown])[];

/** A value as PowerShell shows it: `True`, `{a, b}`, nothing for null. */
function powerShellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `{${value.map(powerShellText).join(', ')}}`;
  return printable(typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value));
}

/** As `Format-List` does: a property a line, an empty line around each object. */
export function formatList(objects: readonly Properties[]): string {
  if (objects.length === 0) return '';
  return `\n${objects.map((properties) => `${listFields(properties, powerShellText)}\n`).join('')}`;
}

/** As `Format-Table` does, with the properties of the first object as heads. */
export function formatTable(objects: readonly Properties[], width: number | undefined): string {
  const [first] = objects;
  if (first === undefined) return '';
  const columns = first.map(([name], index) => ({
    head: name,
    value: (object: Properties) => powerShellText(object[index]?.[1]) || ' ',
  }));
  const line = first.map(([name]): [string, unknown] => [name, '-'.repeat(name.length)]);
  return `\n${renderTable(columns, [line, ...objects], { width, head: (name) => name })}\n`;
}
