import { logEntryOf } from '../audit/canonical-form.ts';
import type { Checkpoint } from './checkpoint.ts';
import { leafHash } from './merkle-tree.ts';
import { RootComparison, type Difference } from './root-comparison.ts';

/** What is stored for one place in a log. */
export interface StoredPlace {
  readonly logIndex: number;
  /** The log entry. */
  readonly hash: Uint8Array;
  /** Every record that says it stands here: one, in a log that nobody touched. */
  readonly records: readonly {
    readonly record: object;
    readonly salt: Uint8Array;
    /** Whether the columns that it is searched by say the same as the record. */
    readonly isFoundAsItIs: boolean;
  }[];
  /** Whether an admin record says that the record of this place was removed. */
  readonly isRemoved?: boolean;
}

/** Compares everything that is stored of a log with itself and with its checkpoints, place by place. */
export class LogCheck {
  readonly #roots: RootComparison;

  /** @param checkpoints the last one of the database, and that of blob storage, their signatures verified. */
  constructor(checkpoints: readonly Checkpoint[]) {
    this.#roots = new RootComparison(checkpoints);
  }

  /** The place that comes next. */
  get size(): number {
    return this.#roots.size;
  }

  /** @param leafInTile the leaf hash of this place as the tiles have it; null where they do not reach so far. */
  take({ logIndex, hash, records, isRemoved = false }: StoredPlace, leafInTile: Uint8Array | null): Difference | null {
    const index = this.#roots.size;
    const difference = this.#roots.compare();
    if (difference) return difference;
    if (logIndex !== index) return { index, detail: 'The log entry is missing' };
    if (leafInTile !== null && !isEqual(leafHash(hash), leafInTile)) {
      return { index, detail: 'The log entry is not the one that was signed' };
    }
    const [stored, ...others] = records;
    if (!stored && !isRemoved) return { index, detail: 'The record is missing' };
    if (stored && isRemoved) return { index, detail: 'A record stands where one was removed' };
    if (!stored) {
      this.#roots.append(hash);
      return null;
    }
    if (others.length > 0) return { index, detail: `${records.length} records say that they stand here` };
    if (!isHashedAs(stored, hash)) return { index, detail: 'The record is not the one that was hashed' };
    if (!stored.isFoundAsItIs) return { index, detail: 'The record is found by something else than what it says' };
    this.#roots.append(hash);
    return null;
  }

  /** @param entries that there should be. */
  finish(entries: number): Difference | null {
    const index = this.#roots.size;
    return this.#roots.finish() ?? (index < entries ? { index, detail: 'The log entry is missing' } : null);
  }
}

/** A record or salt that cannot even be hashed, whatever was made of it, is not the one that was. */
function isHashedAs({ record, salt }: StoredPlace['records'][number], hash: Uint8Array): boolean {
  try {
    return isEqual(logEntryOf(record, salt), hash);
  } catch {
    return false;
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other);
}
