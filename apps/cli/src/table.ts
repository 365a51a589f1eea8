import { styleText } from 'node:util';
import Table from 'cli-table3';
import { printable } from './printable.ts';

/** One column of a table: its head, and what a row has there. */
export interface Column<Row> {
  readonly head: string;
  readonly value: (row: Row) => unknown;
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** A value as people read it: `yes`, `–` for nothing, times without `T` and fractions, lists with commas. */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(cell).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, part]) => `${name} ${cell(part)}`)
      .join(', ');
  }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? `${text.slice(0, 10)} ${text.slice(11, 19)}Z` : printable(text);
}

interface Look {
  /** Columns of the terminal; undefined: as wide as the cells are. */
  readonly width: number | undefined;
  /** How a head is drawn; undefined: no heads. */
  readonly head: ((text: string) => string) | undefined;
}

/** Heads as most of these commands draw them. */
export function boldHead(text: string): string {
  return styleText('bold', text.toUpperCase());
}

/** Draws rows under their heads. Within a width long cells are broken, never cut: an id must stay whole enough to be copied. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], { width, head: draw }: Look): string {
  if (rows.length === 0 && draw === undefined) return '';
  const cells = rows.map((row) => columns.map(({ value }) => cell(value(row))));
  const heads = columns.map(({ head }) => head);
  const table = new Table({
    chars: plain,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    ...(width === undefined ? {} : { colWidths: fit([heads, ...cells], width), wordWrap: true, wrapOnWordBoundary: false }),
  });
  if (draw !== undefined) table.push(heads.map(draw));
  table.push(...cells);
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** Widths of columns within a width: the widest give way first. */
function fit(lines: readonly (readonly string[])[], width: number): number[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const gaps = 2 * (widths.length - 1);
  for (let over = widths.reduce((sum, one) => sum + one, gaps) - width; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] ?? 0;
    if (now <= 8) break;
    widths[widest] = now - 1;
  }
  return widths;
}

/** `name : value`, one a line, the colons below each other. */
export function listFields(fields: readonly (readonly [string, unknown])[], show: (value: unknown) => string = cell): string {
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)} : ${show(value)}\n`).join('');
}

/** The fields of an answer with names for people: `enablePortalTrackingLogs` becomes `Enable portal tracking logs`. */
export function labelled(answer: object): [string, unknown][] {
  return Object.entries(answer).map(([name, value]): [string, unknown] => {
    const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return [words.charAt(0).toUpperCase() + words.slice(1), value];
  });
}
