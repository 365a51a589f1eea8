import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobWriter } from '@signet/vault/blob-writer';
import { FileBlobStore } from '@signet/vault/file-blob-store';
import { createMasterKeyFile, LocalKeyProvider } from '@signet/vault/local-key-provider';
import { Vault } from '@signet/vault/vault';

export const ORGANIZATION_ID = '0190a6f0-0000-7000-8000-0000000000aa';

/** A real vault in a folder of its own, and blobs of one organization in it. */
export interface TestVault {
  readonly folder: string;
  readonly createBlob: () => Promise<BlobWriter>;
  readonly close: () => Promise<void>;
}

export async function openTestVault(): Promise<TestVault> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-intake-'));
  const keyFile = join(folder, 'master.key');
  await createMasterKeyFile(keyFile);
  const vault = new Vault({
    blobStore: await FileBlobStore.open(join(folder, 'blobs')),
    keyProvider: await LocalKeyProvider.open(keyFile),
  });
  const organizationKey = await vault.createOrganizationKey(ORGANIZATION_ID);
  let made = 0;
  return {
    folder,
    createBlob: async () => {
      made += 1;
      const message = { organizationId: ORGANIZATION_ID, messageUid: `0190a6f0-0000-7000-8000-${String(made).padStart(12, '0')}` };
      const { messageKey } = await vault.createMessageKey(organizationKey, message);
      return vault.createBlob(message, messageKey);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
