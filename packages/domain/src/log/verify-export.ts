import { ExportedLineError, isTrueLine, readExportedLine, type ExportedLine } from '../audit/exported-line.ts';
import type { KnownRemovals } from './known-removals.ts';
import type { Checkpoint } from './checkpoint.ts';
import { RootComparison, type Difference } from './root-comparison.ts';

/** Compares an exported log with checkpoints, line by line, from index 0 on, in little memory however long the log is. */
export class ExportVerifier {
  readonly #roots: RootComparison;
  readonly #removals: KnownRemovals | null;
  #removed = 0;

  /**
   * @param checkpoints of one log, one at least, their signatures verified.
   * @param removals what proved admin records say to have been removed; a line alone can say so of any record, and hide one that was taken away.
   */
  constructor(checkpoints: readonly Checkpoint[], removals: KnownRemovals | null = null) {
    this.#roots = new RootComparison(checkpoints);
    this.#removals = removals;
  }

  /** Lines of records that an admin record says to have been removed. */
  get removed(): number {
    return this.#removed;
  }

  /** Takes the next line, without its end. @returns null while nothing differs; after a difference there is no going on. */
  take(text: string): Difference | null {
    const index = this.#roots.size;
    const difference = this.#roots.compare();
    if (difference) return difference;
    // What stands behind the last checkpoint nobody has signed yet; it must be in order all the same.
    const line = readLine(text);
    if (typeof line === 'string') return { index, detail: line };
    if (line.logIndex !== index) return { index, detail: `Here stands the line of index ${line.logIndex}` };
    if (!isTrueLine(line)) return { index, detail: 'The record is not the one that was hashed' };
    if (line.intact === null) {
      if (this.#removals?.has(index) !== true) return { index, detail: goneWords(line, this.#removals !== null) };
      this.#removed += 1;
    }
    this.#roots.append(line.hash);
    return null;
  }

  /** @returns the number of lines that the last checkpoint covers, and of those behind it, or where the log differs. */
  finish(): { readonly covered: number; readonly newer: number } | Difference {
    const { size, covered } = this.#roots;
    return this.#roots.finish() ?? { covered, newer: size - covered };
  }
}

/** A line alone proves nothing: whoever took a record away can write it. */
function goneWords({ removal }: ExportedLine, hasRecords: boolean): string {
  if (!removal) return 'The record is gone, and its line does not say that it was removed';
  const said = `The record is gone: its line says that it was removed (${removal.cause}, ${removal.at})`;
  return hasRecords ? `${said}, and no record of removals that is signed does` : `${said}, which the signed admin log proves or does not`;
}

function readLine(text: string): ExportedLine | string {
  try {
    return readExportedLine(text);
  } catch (error) {
    if (error instanceof ExportedLineError) return error.message;
    throw error;
  }
}
