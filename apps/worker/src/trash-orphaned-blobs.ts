import type { SystemScope } from '@signet/db/database';
import { knowsAnyMessage, sortBlobs } from '@signet/db/housekeeping';
import type { BlobStore, ListedBlob } from '@signet/vault/blob-store';
import { VaultError } from '@signet/vault/vault-error';
import { SweepRefusedError } from './sweep-refused-error.ts';

/** Blobs compared with the database at once. */
const BATCH = 500;

/**
 * A blob is committed before its message: only one this old, in milliseconds, can have been left behind. Its age is told by the
 * storage's clock and this process's, which may be hours apart where one of them is wrong; nobody is in a hurry here.
 */
export const ORPHAN_AGE = 24 * 60 * 60 * 1000;

/** From so many old blobs on, more orphans than messages mean that this is not the blobs' database, or an older one. */
const FEW = 20;

/**
 * Moves blobs that no message has to the trash, those of erased messages, and what writers left unfinished; nothing is deleted, so a
 * mistake can be undone. Many erased at once are no sign of a wrong database: it knows each of them. Two processes at once do no harm: a blob that is gone already is passed over.
 * @returns how many were moved.
 * @throws {SweepRefusedError} before any orphan is moved, where the database knows no message, or most blobs would go.
 */
export async function trashOrphanedBlobs(system: SystemScope, blobStore: BlobStore, now: Date, stopping: AbortSignal): Promise<number> {
  const writtenBefore = new Date(now.getTime() - ORPHAN_AGE);
  let moved = await blobStore.trashUnfinished(writtenBefore);
  const { looked, erased, orphaned } = await findOrphans(system, blobStore, writtenBefore, stopping);
  for (const blob of erased) {
    if (stopping.aborted) return moved;
    moved += await trash(blobStore, blob);
  }
  if (orphaned.length === 0) return moved;
  if (!(await knowsAnyMessage(system))) {
    throw new SweepRefusedError(`No blob was moved to the trash: the database knows no message, and the storage has ${looked} old blobs`);
  }
  if (looked >= FEW && orphaned.length * 2 > looked) {
    throw new SweepRefusedError(`No blob was moved to the trash: ${orphaned.length} of ${looked} old blobs would go, more than half`);
  }
  for (const blob of orphaned) {
    if (stopping.aborted) break;
    moved += await trash(blobStore, blob);
  }
  return moved;
}

/** The old blobs of organizations that the database knows: how many there are, which are of erased messages, and which no message has. */
async function findOrphans(
  system: SystemScope,
  blobStore: BlobStore,
  writtenBefore: Date,
  stopping: AbortSignal,
): Promise<{ looked: number; erased: ListedBlob[]; orphaned: ListedBlob[] }> {
  let looked = 0;
  const erased: ListedBlob[] = [];
  const orphaned: ListedBlob[] = [];
  let batch: ListedBlob[] = [];
  const flush = async () => {
    const sorted = await sortBlobs(system, batch);
    looked += sorted.owned.length + sorted.orphaned.length;
    erased.push(...sorted.erased);
    orphaned.push(...sorted.orphaned);
    batch = [];
  };
  for await (const blob of blobStore.listBlobs(writtenBefore)) {
    // Half of a look says nothing about the whole.
    if (stopping.aborted) return { looked: 0, erased: [], orphaned: [] };
    batch.push(blob);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return { looked, erased, orphaned };
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
