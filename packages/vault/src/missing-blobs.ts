import type { BlobStore } from './blob-store.ts';
import { VaultError } from './vault-error.ts';

/** A blob as the database knows it. */
interface StoredBlob {
  readonly organizationId: string;
  readonly blobName: string;
  readonly length: number;
}

/** Blobs looked for at once. */
const LANES = 8;

/**
 * Looks for blobs. One is missing only after a second look.
 * @returns those that are gone, or not whole.
 * @throws {VaultError} `storage_unavailable` also while the storage itself is not healthy: then nothing can be said of its blobs.
 */
export async function missingBlobs<B extends StoredBlob>(
  store: Pick<BlobStore, 'checkHealth' | 'statBlob'>,
  blobs: readonly B[],
): Promise<ReadonlySet<B>> {
  const { healthy, detail } = await store.checkHealth();
  if (!healthy) throw new VaultError('storage_unavailable', `The storage is not healthy (${detail}): nothing can be said of its blobs`);
  const seen = await lookFor(store, blobs);
  // Once more: one that was being put back from the trash was in neither place for a moment.
  return seen.size === 0 ? seen : lookFor(store, [...seen]);
}

async function lookFor<B extends StoredBlob>(store: Pick<BlobStore, 'statBlob'>, blobs: readonly B[]): Promise<Set<B>> {
  const waiting = [...blobs];
  const gone = new Set<B>();
  const lane = async () => {
    for (let blob = waiting.shift(); blob; blob = waiting.shift()) if (!(await isWhole(store, blob))) gone.add(blob);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return gone;
}

async function isWhole(store: Pick<BlobStore, 'statBlob'>, { organizationId, blobName, length }: StoredBlob): Promise<boolean> {
  try {
    return (await store.statBlob(organizationId, blobName)).length === length;
  } catch (error) {
    if (error instanceof VaultError && error.code === 'blob_not_found') return false;
    throw error;
  }
}
