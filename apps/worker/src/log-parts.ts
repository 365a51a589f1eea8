import { Database } from '@signet/db/database';
import type { BlobStore } from '@signet/vault/blob-store';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { readSettings } from './env.ts';

/** Opens what a command about the logs needs, with the worker's settings, and closes it afterwards. */
export async function withLogParts<T>(
  work: (parts: { database: Database; vault: Vault; blobStore: BlobStore; publicUrl: string }) => Promise<T>,
): Promise<T> {
  const { DATABASE_URL, BLOB_URL, KEY_PROVIDER_URL, PUBLIC_URL: publicUrl } = readSettings();
  const blobStore = await openBlobStore(BLOB_URL);
  const vault = new Vault({ blobStore, keyProvider: await openKeyProvider(KEY_PROVIDER_URL) });
  const database = new Database({ url: DATABASE_URL, applicationName: 'signet-logs', maxConnections: 2, secrets: vault });
  try {
    await database.check();
    return await work({ database, vault, blobStore, publicUrl });
  } finally {
    await database.close();
  }
}

/** Runs a command: what it throws is told in words, and makes its exit code 1. */
export function runCommand(command: () => Promise<void>): void {
  command().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
