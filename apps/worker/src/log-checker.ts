import type { Database, OrganizationScope, SystemScope } from '@signet/db/database';
import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
import { logExtent, noteCheck, storedPlaces, strayPlace, takeDueLog } from '@signet/db/log-check';
import { listLogKeys } from '@signet/db/log-key';
import type { LogName } from '@signet/db/log-seal';
import { readTiles } from '@signet/db/log-tile';
import type { LogStream } from '@signet/domain/log/checkpoint';
import { LogCheck, type StoredPlace } from '@signet/domain/log/log-check';
import { readSigned } from '@signet/domain/log/log-doubt';
import type { Difference } from '@signet/domain/log/root-comparison';
import { firstWrongLeaf, TILE_WIDTH, widthOf } from '@signet/domain/log/tile';
import type { BlobStore } from '@signet/vault/blob-store';
import { SweepRefusedError } from './sweep-refused-error.ts';

const HASH_LENGTH = 32;
/** Places that are looked at together, whole tiles: records may be large, and a worker has mail to send besides. */
const BATCH = TILE_WIDTH;

export interface CheckerParts {
  readonly database: Database;
  readonly blobStore: Pick<BlobStore, 'readNote'>;
}

/** What a check found: how many entries it compared, and the first difference. */
export interface CheckResult {
  readonly size: number;
  readonly difference: Difference | null;
}

/**
 * Compares every record of a log with its log entry and with what it is searched by, every log entry with the tiles, and the tree of all of
 * them with the last checkpoint of the database and with that of blob storage. What it finds is noted. While it looks, more may be recorded.
 */
export async function checkLog({ database, blobStore }: CheckerParts, { organizationId, stream }: LogName): Promise<CheckResult> {
  const scope = database.forOrganization(organizationId);
  const result = await compare(scope, stream, await blobStore.readNote(organizationId, `${stream}-checkpoint`));
  await noteCheck(scope, stream, result);
  return result;
}

async function compare(scope: OrganizationScope, stream: LogStream, kept: string | null): Promise<CheckResult> {
  const { origin, entries, size, note, beyond } = await logExtent(scope, stream);
  const keys = (await listLogKeys(scope)).map(({ publicKey }) => ({ name: origin, publicKey }));
  const checkpoints = [];
  for (const each of [note, kept]) {
    if (each === null) continue;
    const checkpoint = readSigned(each, keys);
    if ('unread' in checkpoint) return { size: 0, difference: { index: 0, detail: `A checkpoint is not the log’s: ${checkpoint.unread}` } };
    checkpoints.push(checkpoint);
  }
  const check = new LogCheck(checkpoints);
  const found = (difference: Difference | null): CheckResult => ({ size: check.size, difference });
  for (let from = 0; from < entries; from += BATCH) {
    const to = Math.min(entries, from + BATCH);
    const numbers = Array.from({ length: Math.ceil((to - from) / TILE_WIDTH) }, (_, index) => from / TILE_WIDTH + index);
    const tileAt = await readTiles(
      scope,
      stream,
      numbers.map((number) => ({ level: 0, number })),
    );
    const places = await readablePlaces(scope, stream, { from, to });
    if (places === null) return found({ index: check.size, detail: 'What is stored from here on cannot be read' });
    for (const place of places) {
      const difference = check.take(place, place.logIndex < size ? leafIn(tileAt, check.size) : null);
      if (difference) return found(difference);
    }
    if (check.size < to) return found({ index: check.size, detail: 'The log entry is missing' });
  }
  const atEnd = check.finish(entries);
  if (atEnd) return found(atEnd);
  const wrong = await firstWrongTile(scope, stream, size);
  if (wrong !== null) return found({ index: wrong, detail: 'A tile above the log entries is not made of them' });
  if (beyond !== null) return found({ index: beyond, detail: 'A record stands where the log has no place' });
  return found(stream === 'audit' ? await strayPlace(scope) : null);
}

/** Null for what was changed to something that nobody can read, which must be told, and not hide what else there is. @throws {DatabaseUnavailableError} */
async function readablePlaces(...range: Parameters<typeof storedPlaces>): Promise<StoredPlace[] | null> {
  try {
    return await storedPlaces(...range);
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error;
    return null;
  }
}

/** The first leaf of what a tile above the lowest level has wrong; a checkpoint's root is made of the last ones alone. */
async function firstWrongTile(scope: OrganizationScope, stream: LogStream, size: number): Promise<number | null> {
  for (let level = 1; size >= TILE_WIDTH ** level; level += 1) {
    for (let number = 0, width = widthOf({ level, number }, size); width > 0; number += 1, width = widthOf({ level, number }, size)) {
      const below = Array.from({ length: width }, (_, index) => ({ level: level - 1, number: number * TILE_WIDTH + index }));
      const wrong = firstWrongLeaf({ level, number }, width, await readTiles(scope, stream, [{ level, number }, ...below]));
      if (wrong !== null) return wrong;
    }
  }
  return null;
}

/** The hash of a leaf as its tile has it; no bytes where it has none. */
function leafIn(tileAt: Awaited<ReturnType<typeof readTiles>>, index: number): Uint8Array {
  const number = Math.floor(index / TILE_WIDTH);
  const first = (index - number * TILE_WIDTH) * HASH_LENGTH;
  return tileAt({ level: 0, number })?.subarray(first, first + HASH_LENGTH) ?? new Uint8Array();
}

/**
 * Checks every log whose check is due.
 * @returns how many.
 * @throws {SweepRefusedError} naming those that differ.
 */
export async function checkDueLogs(parts: CheckerParts & { readonly system: SystemScope }, stopping: AbortSignal): Promise<number> {
  const differing: string[] = [];
  let count = 0;
  for (let log = await takeDueLog(parts.system); log && !stopping.aborted; log = await takeDueLog(parts.system)) {
    const { difference } = await checkLog(parts, log);
    count += 1;
    if (difference) differing.push(wordsOfDifference(log, difference));
  }
  if (differing.length > 0)
    throw new SweepRefusedError(`What is stored is not what was logged: ${differing.join('; ')} (docs/guides/operators.md)`);
  return count;
}

export function wordsOfDifference({ organizationId, stream }: LogName, { index, detail }: Difference): string {
  return `${organizationId}/${stream} at index ${index}: ${detail}`;
}
