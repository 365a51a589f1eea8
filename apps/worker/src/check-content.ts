import type { SystemScope } from '@signet/db/database';
import { bookContent, expectedBlobs, type ExpectedBlob } from '@signet/db/missing-content';
import type { Queryable } from '@signet/db/queryable';
import type { BlobStore } from '@signet/vault/blob-store';
import { missingBlobs } from '@signet/vault/missing-blobs';

/** Messages looked at together. */
const BATCH = 500;

/**
 * Looks for the blob of every message that must have one, and books which are gone or not whole, and which are there again.
 * @param db `reader`: what the lock is held with, kept awake by the reading; what is found is booked at once, outside of it.
 * @returns how many are missing.
 * @throws {VaultError} while the storage itself is away: then nothing is said of any message.
 */
export async function checkContent(
  { system, reader }: { system: SystemScope; reader: Queryable },
  blobStore: Pick<BlobStore, 'checkHealth' | 'statBlob'>,
  stopping: AbortSignal,
): Promise<number> {
  let missing = 0;
  for (let last: ExpectedBlob | null = null; ;) {
    const batch: ExpectedBlob[] = await expectedBlobs(reader, last, BATCH);
    last = batch.at(-1) ?? null;
    if (last === null || stopping.aborted) return missing;
    const gone = await missingBlobs(blobStore, batch);
    missing += gone.size;
    const changed = (isMissing: boolean) => batch.filter((blob) => gone.has(blob) === isMissing && blob.wasMissing !== isMissing);
    await bookContent(system, changed(true), true);
    await bookContent(system, changed(false), false);
  }
}
