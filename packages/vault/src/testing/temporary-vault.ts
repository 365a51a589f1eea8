import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMasterKeyFile } from '../local-key-provider.ts';
import { openBlobStore } from '../open-blob-store.ts';
import { openKeyProvider } from '../open-key-provider.ts';
import type { Compression, StoredPart } from '../stored-part.ts';
import { Vault } from '../vault.ts';
import type { ContentLocation, OrganizationKey } from '../vault.ts';

/** A vault on real files in a folder of its own, which goes when it is disposed of. */
export async function openTemporaryVault() {
  const folder = await mkdtemp(join(tmpdir(), 'signet-vault-'));
  const masterKeyPath = join(folder, 'master.key');
  const root = join(folder, 'blobs');
  await createMasterKeyFile(masterKeyPath);
  const blobStore = await openBlobStore(pathToFileURL(root).href);
  const open = async () => new Vault({ blobStore, keyProvider: await openKeyProvider(pathToFileURL(masterKeyPath).href) });
  const vault = await open();
  const organizationId = randomUUID();
  const organizationKey = await vault.createOrganizationKey(organizationId);

  return {
    vault,
    /** Another vault on the same files, with nothing cached. */
    open,
    folder,
    root,
    masterKeyPath,
    blobStore,
    organizationId,
    organizationKey,
    storeMessage: (parts: Record<string, Uint8Array>, options?: { compression?: Compression }) =>
      storeMessage(vault, organizationId, organizationKey, parts, options),
    pathOf: (location: ContentLocation) => join(root, location.organizationId, location.blobName.slice(0, 2), location.blobName),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
export type TemporaryVault = Awaited<ReturnType<typeof openTemporaryVault>>;

async function storeMessage(
  vault: Vault,
  organizationId: string,
  organizationKey: OrganizationKey,
  parts: Record<string, Uint8Array>,
  options?: { compression?: Compression },
): Promise<{ location: ContentLocation; parts: StoredPart[] }> {
  const message = { organizationId, messageUid: randomUUID() };
  const { messageKey, wrappedKey } = await vault.createMessageKey(organizationKey, message);
  const writer = await vault.createBlob(message, messageKey);
  const stored: StoredPart[] = [];
  for (const [part, bytes] of Object.entries(parts)) stored.push(await writer.writePart(part, bytes, options));
  const { blobName, length } = await writer.commit();
  return { location: { ...message, organizationKey, wrappedKey, blobName, blobLength: length }, parts: stored };
}

/** All that a source gives until it ends or fails. */
export async function drain(source: AsyncIterable<Uint8Array>): Promise<{ bytes: Buffer; error: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of source) chunks.push(Buffer.from(chunk));
    return { bytes: Buffer.concat(chunks), error: null };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
}

/** Every file under a folder, as paths. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The first of a list, or the one at a place. @throws when there is none: a test's own mistake. */
export function at<T>(list: readonly T[], index = 0): T {
  const item = list[index];
  if (item === undefined) throw new Error(`Nothing at ${index}`);
  return item;
}
