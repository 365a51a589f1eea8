import { fileURLToPath } from 'node:url';
import type { BlobStore } from './blob-store.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { VaultError } from './vault-error.ts';

/** The blob store of a URL: `file:///folder`, made when it is not there. @throws {VaultError} `storage_unavailable`, also for any other scheme. */
export async function openBlobStore(url: string): Promise<BlobStore> {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'file:' || parsed.host !== '') {
    const given = parsed ? parsed.protocol : 'no URL';
    throw new VaultError('storage_unavailable', `A blob store is given as file:///folder, not as ${given}`);
  }
  return FileBlobStore.open(fileURLToPath(parsed));
}
