import type { Machine } from './machine.ts';
import type { Measurement } from './measurement.ts';

/** How one row ended. */
export interface RowResult {
  readonly row: string;
  readonly measurements: readonly Measurement[];
  /** Why it could not be measured; null when it was. */
  readonly failure: string | null;
  /** Of the minute before the row began, with what else the machine was doing. */
  readonly loadAverageBefore: number;
}

export interface Report {
  readonly time: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly postgres: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly RowResult[];
}

/** The table that people read: what, ours, reference, ratio, goal, met. */
export function tableOf(rows: readonly RowResult[]): string {
  const lines = rows.flatMap(({ row, measurements, failure }) =>
    failure === null ? measurements.map(lineOf) : [[row, `could not be measured: ${failure.split('\n')[0]}`, '', '', '', '', 'no']],
  );
  const table = [['#', 'what', 'ours', 'reference', 'ratio', 'goal', 'met'], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const drawn = table.map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [drawn[0], rule, ...drawn.slice(1)].join('\n');
}

function lineOf({ row, what, unit, ours, reference, goal }: Measurement): string[] {
  const met = goal === null ? '–' : goal.met ? 'yes' : 'no';
  return [
    row,
    what,
    `${figure(ours)} ${unit}`,
    reference === null ? '–' : `${figure(reference.median)} (${reference.what})`,
    reference === null ? '–' : figure(ours / reference.median),
    goal?.words ?? '–',
    met,
  ];
}

/** Three significant digits, more for large numbers. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
