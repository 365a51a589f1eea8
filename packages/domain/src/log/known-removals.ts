import { z } from 'zod';
import { adminRecord } from '../audit/admin-record.ts';
import { ExportedLineError, isTrueLine, readExportedLine } from '../audit/exported-line.ts';
import { readPlaces } from '../retention.ts';

const stated = z.looseObject({ places: z.string() });

/** Places of an audit log whose records were removed, as admin records tell. */
export class KnownRemovals {
  readonly #ranges: { readonly first: number; readonly last: number }[] = [];
  #isInOrder = true;

  /**
   * Takes a line of an exported admin log, or an admin record as it is listed; other acts than removals name no place. That nobody changed the
   * line the admin log's own checkpoint tells.
   * @throws {ExportedLineError} for what is none, whose record is not the one that was hashed, or that names no places.
   */
  add(text: string): void {
    const record = recordIn(text);
    if (record?.action !== 'AuditRemove') return;
    const after = stated.safeParse(record.after);
    const ranges = after.success ? readPlaces(after.data.places) : null;
    if (ranges === null) throw new ExportedLineError('The record of a removal names no places');
    this.#ranges.push(...ranges);
    this.#isInOrder = false;
  }

  has(place: number): boolean {
    if (!this.#isInOrder) {
      this.#ranges.sort((one, other) => one.first - other.first);
      this.#isInOrder = true;
    }
    // The last stretch that begins at the place or before it: stretches do not overlap.
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.first ?? Infinity) <= place) low = middle + 1;
      else high = middle;
    }
    return (this.#ranges[low - 1]?.last ?? -1) >= place;
  }
}

const logged = adminRecord.omit({ logIndex: true });

function recordIn(text: string): z.infer<typeof logged> | null {
  const value = jsonIn(text);
  if (typeof value === 'object' && value !== null && 'hash' in value) {
    const line = readExportedLine(text);
    if (!isTrueLine(line)) throw new ExportedLineError('The record of a removal is not the one that was hashed');
    return line.intact === null ? null : parsed(logged, JSON.parse(line.intact.text));
  }
  return parsed(adminRecord, value);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success)
    throw new ExportedLineError('The line is neither an admin record nor one of an exported log', { cause: result.error });
  return result.data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExportedLineError('The line is no JSON', { cause: error });
  }
}
