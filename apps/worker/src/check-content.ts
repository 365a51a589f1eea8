import type { SystemScope } from '@signet/db/database';
import { bookContent, expectedBlobs, type ExpectedBlob } from '@signet/db/missing-content';
import type { Queryable } from '@signet/db/queryable';
import type { BlobStore } from '@signet/vault/blob-store';
import { VaultError } from '@signet/vault/vault-error';

type LookedAt = Pick<BlobStore, 'checkHealth' | 'statBlob'>;

/** Messages looked at together. */
const BATCH = 500;

/** Blobs looked for at once. */
const LANES = 8;

/**
 * Looks for the blob of every message that must have one, and books which are gone or not whole, and which are there again. One
 * is booked as gone only after a second look.
 * @param db `reader`: what the lock is held with, kept awake by the reading; what is found is booked at once, outside of it.
 * @returns how many are missing.
 * @throws {VaultError} while the storage itself is away: then nothing is said of any message.
 */
export async function checkContent(
  { system, reader }: { system: SystemScope; reader: Queryable },
  blobStore: LookedAt,
  stopping: AbortSignal,
): Promise<number> {
  const { healthy, detail } = await blobStore.checkHealth();
  if (!healthy) throw new VaultError('storage_unavailable', `The storage is not healthy (${detail}): nothing can be said of its blobs`);
  let missing = 0;
  for (let last: ExpectedBlob | null = null; ;) {
    const batch: ExpectedBlob[] = await expectedBlobs(reader, last, BATCH);
    last = batch.at(-1) ?? null;
    if (last === null || stopping.aborted) return missing;
    const seen = await missingOf(blobStore, batch);
    // Once more: one that was being put back from the trash was in neither place for a moment.
    const gone = seen.size === 0 ? seen : await missingOf(blobStore, [...seen]);
    missing += gone.size;
    const changed = (isMissing: boolean) => batch.filter((blob) => gone.has(blob) === isMissing && blob.wasMissing !== isMissing);
    await bookContent(system, changed(true), true);
    await bookContent(system, changed(false), false);
  }
}

async function missingOf(blobStore: LookedAt, batch: readonly ExpectedBlob[]): Promise<Set<ExpectedBlob>> {
  const waiting = [...batch];
  const gone = new Set<ExpectedBlob>();
  const lane = async () => {
    for (let blob = waiting.shift(); blob; blob = waiting.shift()) if (!(await isWhole(blobStore, blob))) gone.add(blob);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return gone;
}

async function isWhole(blobStore: LookedAt, { organizationId, blobName, length }: ExpectedBlob): Promise<boolean> {
  try {
    return (await blobStore.statBlob(organizationId, blobName)).length === length;
  } catch (error) {
    if (error instanceof VaultError && error.code === 'blob_not_found') return false;
    throw error;
  }
}
