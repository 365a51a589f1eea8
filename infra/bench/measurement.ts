import type { Guard } from '../local/processes.ts';
import type { BenchSignet, SignetOptions } from './bench-signet.ts';

/** One figure, ours beside the reference of the same run. */
export interface Measurement {
  readonly row: string;
  readonly what: string;
  readonly unit: string;
  /** The median of `runs`. */
  readonly ours: number;
  readonly runs: readonly number[];
  /** Null where nothing is compared. */
  readonly reference: { readonly what: string; readonly median: number; readonly runs: readonly number[] } | null;
  /** Null for a figure that is told beside another, and has no goal. */
  readonly goal: { readonly words: string; readonly met: boolean } | null;
  /** What has to be known to read it: what ran beside, what was left out. */
  readonly notes: readonly string[];
}

/** What a row is given. */
export interface Bench {
  readonly guard: Guard;
  /** A folder of its own, removed when the row ends. */
  readonly folder: string;
  /** How often each figure is measured; at least three. */
  readonly repetitions: number;
  /** Small counts and short runs, to see that all of it works; its figures mean nothing. */
  readonly quick: boolean;
  /** The most entries or messages that are made: the largest trail takes its time and its disk. */
  readonly most: number;
  readonly say: (line: string) => void;
  /** Starts a whole Signet with data of its own; it is stopped when the row ends. */
  readonly startSignet: (options?: SignetOptions) => Promise<BenchSignet>;
  /** Calls something when the row ends, however it ends; last registered, first called. */
  readonly onEnd: (cleanup: () => Promise<void> | void) => void;
}

/** A row of the table of goals. @throws when it cannot be measured, saying why. */
export type Row = (bench: Bench) => Promise<Measurement[]>;

/** @throws when there is nothing to take the median of */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The nearest-rank percentile; for 50 and an even count, the mean of the two in the middle. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (percent / 100) * sorted.length;
  const upper = sorted[Math.min(Math.max(Math.ceil(rank), 1), sorted.length) - 1];
  if (upper === undefined) throw new Error('Nothing was measured.');
  const isBetween = percent === 50 && Number.isInteger(rank);
  return isBetween ? (upper + (sorted[rank] ?? upper)) / 2 : upper;
}

/** Runs something as often as asked, one after the other. */
export async function repeat<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index += 1) results.push(await work(index));
  return results;
}
