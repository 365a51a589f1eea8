import type { SystemScope } from '@signet/db/database';
import { knowsAnyMessage, sortBlobs } from '@signet/db/housekeeping';
import type { BlobStore, ListedBlob } from '@signet/vault/blob-store';
import { VaultError } from '@signet/vault/vault-error';
import { SweepRefusedError } from './sweep-refused-error.ts';

/** Blobs compared with the database at once. */
const BATCH = 500;

/** What was done with the trash. */
export interface EmptiedTrash {
  readonly removed: number;
  /** Put back, since a message has them after all. */
  readonly restored: number;
}

/**
 * Removes blobs for good that have lain in the trash since before a moment and that no message has, or an erased one. The database is asked
 * again: one that a message has, because a backup was restored or a sweep was wrong, is put back, however short it lay there.
 * One of an organization that the database does not know stays.
 * @throws {SweepRefusedError} instead of removing one, where the database knows no message at all.
 */
export async function emptyBlobTrash(
  system: SystemScope,
  blobStore: BlobStore,
  trashedBefore: Date,
  stopping: AbortSignal,
): Promise<EmptiedTrash> {
  let removed = 0;
  let restored = 0;
  let batch: ListedBlob[] = [];
  const flush = async () => {
    const { owned, erased, orphaned } = await sortBlobs(system, batch);
    batch = [];
    for (const blob of owned) restored += await unlessGone(blobStore.restoreFromTrash(blob.organizationId, blob.blobName));
    const old = [...erased, ...orphaned].filter(({ writtenAt }) => writtenAt < trashedBefore);
    if (old.length > 0 && !(await knowsAnyMessage(system))) {
      throw new SweepRefusedError('No blob was removed from the trash: the database knows no message');
    }
    for (const blob of old) removed += await unlessGone(blobStore.removeFromTrash(blob.organizationId, blob.blobName));
  };
  for await (const blob of blobStore.listTrash()) {
    if (stopping.aborted) break;
    batch.push(blob);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return { removed, restored };
}

/** @returns 1, or 0 where another process was faster. */
async function unlessGone(work: Promise<void>): Promise<number> {
  try {
    await work;
    return 1;
  } catch (error) {
    if (error instanceof VaultError && error.code === 'blob_not_found') return 0;
    throw error;
  }
}
