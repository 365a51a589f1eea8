import { ExportedLineError, isTrueLine, readExportedLine, type ExportedLine } from '../audit/exported-line.ts';
import type { KnownRemovals } from './known-removals.ts';
import type { Checkpoint } from './checkpoint.ts';
import { RootComparison, type Difference } from './root-comparison.ts';

/** Compares an exported log with checkpoints, line by line, from index 0 on, in little memory however long the log is. */
export class ExportVerifier {
  readonly #roots: RootComparison;
  readonly #mayBeErased: number;
  readonly #removals: KnownRemovals | null;
  #erased = 0;
  #removed = 0;

  /**
   * @param checkpoints of one log, one at least, their signatures verified.
   * @param mayBeErased how many records are known to have been erased by law: a line alone can say so of any, and hide one that was removed.
   * @param removals what proved admin records say to have been removed: these places need no other word.
   */
  constructor(checkpoints: readonly Checkpoint[], mayBeErased = 0, removals: KnownRemovals | null = null) {
    this.#roots = new RootComparison(checkpoints);
    this.#removals = removals;
    this.#mayBeErased = mayBeErased;
  }

  /** Lines of records that are gone, and that no admin record says to have been removed: proved to have been there, and no more. */
  get erased(): number {
    return this.#erased;
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
      if (this.#removals?.has(index) === true) this.#removed += 1;
      else if (this.#erased < this.#mayBeErased) this.#erased += 1;
      else return { index, detail: goneWords(line, this.#removals !== null) };
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
  if (!removal) return 'The record is gone, and not known to have been erased by law';
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
