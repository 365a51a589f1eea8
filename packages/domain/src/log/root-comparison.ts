import type { Checkpoint } from './checkpoint.ts';
import { GrowingTree, leafHash } from './merkle-tree.ts';

/** Where a log differs from what it should be. */
export interface Difference {
  /** The first index that differs; where only a root does, the first one that may. */
  readonly index: number;
  readonly detail: string;
}

/** Builds a log's tree entry by entry, and compares its roots with those of checkpoints on the way. It remembers some fifty hashes. */
export class RootComparison {
  readonly #checkpoints: readonly Checkpoint[];
  readonly #tree = new GrowingTree();
  #proved = 0;
  /** The first of the checkpoints that was not passed yet. */
  #next = 0;

  /** @param checkpoints of one log, their signatures verified. */
  constructor(checkpoints: readonly Checkpoint[]) {
    this.#checkpoints = checkpoints.toSorted((a, b) => a.size - b.size);
  }

  /** Entries until now. */
  get size(): number {
    return this.#tree.size;
  }

  /** The size of the largest checkpoint; 0 without any. */
  get covered(): number {
    return this.#checkpoints.at(-1)?.size ?? 0;
  }

  append(logEntry: Uint8Array): void {
    this.#tree.append(leafHash(logEntry));
  }

  /** Compares with the checkpoints of just this size: before each entry, and after the last one. */
  compare(): Difference | null {
    const { size } = this.#tree;
    while ((this.#checkpoints[this.#next]?.size ?? size) < size) this.#next += 1;
    if (this.#checkpoints[this.#next]?.size !== size) return null;
    const due = this.#checkpoints.filter((checkpoint) => checkpoint.size === size);
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

  /** The same at the end: every checkpoint must have been reached. */
  finish(): Difference | null {
    const difference = this.compare();
    if (difference || this.size >= this.covered) return difference;
    return { index: this.size, detail: `The log ends here, and the checkpoint has ${this.covered} entries` };
  }
}
