import type { SystemScope } from '@signet/db/database';
import { blobsWithoutMessage } from '@signet/db/housekeeping';
import type { BlobStore, ListedBlob } from '@signet/vault/blob-store';
import { VaultError } from '@signet/vault/vault-error';

/** Blobs compared with the database at once. */
const BATCH = 500;

/**
 * A blob is committed before its message: only one this old, in milliseconds, can have been left behind. Its age is told by the
 * storage's clock and this process's, which may be hours apart where one of them is wrong; nobody is in a hurry here.
 */
export const ORPHAN_AGE = 24 * 60 * 60 * 1000;

/**
 * Moves blobs that no message has to the trash, and what writers left unfinished; nothing is deleted, so a mistake can be
 * undone. Two processes at once do no harm: a blob that is gone already is passed over.
 * @returns how many were moved.
 */
export async function trashOrphanedBlobs(system: SystemScope, blobStore: BlobStore, now: Date): Promise<number> {
  const writtenBefore = new Date(now.getTime() - ORPHAN_AGE);
  let moved = await blobStore.trashUnfinished(writtenBefore);
  let batch: ListedBlob[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    for (const blob of await blobsWithoutMessage(system, batch)) moved += await trash(blobStore, blob);
    batch = [];
  };
  for await (const blob of blobStore.listBlobs(writtenBefore)) {
    batch.push(blob);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return moved;
}

async function trash(blobStore: BlobStore, { organizationId, blobName }: ListedBlob): Promise<number> {
  try {
    await blobStore.moveToTrash(organizationId, blobName);
    return 1;
  } catch (error) {
    if (error instanceof VaultError && error.code === 'blob_not_found') return 0;
    throw error;
  }
}
