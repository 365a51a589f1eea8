import { ExportedLineError, isTrueLine, readExportedLine, type ExportedLine } from '../audit/exported-line.ts';
import type { Checkpoint } from './checkpoint.ts';
import { GrowingTree, leafHash } from './merkle-tree.ts';

/** Where an exported log differs from what its checkpoints say. */
export interface Difference {
  /** The first index that differs; where only a root does, the first one that may. */
  readonly index: number;
  readonly detail: string;
}

/** Compares an exported log with checkpoints, line by line, from index 0 on. It remembers some fifty hashes, however long the log is. */
export class ExportVerifier {
  readonly #checkpoints: readonly Checkpoint[];
  readonly #tree = new GrowingTree();
  #proved = 0;
  #erased = 0;

  /** @param checkpoints of one log, one at least, their signatures verified. */
  constructor(checkpoints: readonly Checkpoint[]) {
    this.#checkpoints = checkpoints.toSorted((a, b) => a.size - b.size);
  }

  /** Lines of records that were erased by law: proved to have been there, and no more. */
  get erased(): number {
    return this.#erased;
  }

  /** Takes the next line, without its end. @returns null while nothing differs; after a difference there is no going on. */
  take(text: string): Difference | null {
    const index = this.#tree.size;
    // What stands behind the last checkpoint nobody has signed yet; it must be in order all the same.
    const ahead = this.#compareRoots();
    if (ahead) return ahead;
    const line = readLine(text);
    if (typeof line === 'string') return { index, detail: line };
    if (line.logIndex !== index) return { index, detail: `Here stands the line of index ${line.logIndex}` };
    if (!isTrueLine(line)) return { index, detail: 'The record is not the one that was hashed' };
    if (line.intact === null) this.#erased += 1;
    this.#tree.append(leafHash(line.hash));
    return null;
  }

  /** @returns the number of lines that the last checkpoint covers, and of those behind it, or where the log differs. */
  finish(): { readonly covered: number; readonly newer: number } | Difference {
    const difference = this.#compareRoots();
    if (difference) return difference;
    const { size } = this.#tree;
    const last = this.#checkpoints.at(-1)?.size ?? 0;
    if (size < last) return { index: size, detail: `The log ends here, and the checkpoint has ${last} entries` };
    return { covered: last, newer: size - last };
  }

  /** Compares with the checkpoints of just this size. */
  #compareRoots(): Difference | null {
    const { size } = this.#tree;
    const due = this.#checkpoints.filter((checkpoint) => checkpoint.size === size);
    if (due.length === 0) return null;
    const root = Buffer.from(this.#tree.root());
    if (due.some((checkpoint) => !root.equals(checkpoint.root))) {
      const index = this.#proved;
      return {
        index,
        detail: `The entries from here to ${Math.max(size - 1, index)} are not those that the checkpoint of size ${size} has`,
      };
    }
    this.#proved = size;
    return null;
  }
}

function readLine(text: string): ExportedLine | string {
  try {
    return readExportedLine(text);
  } catch (error) {
    if (error instanceof ExportedLineError) return error.message;
    throw error;
  }
}
