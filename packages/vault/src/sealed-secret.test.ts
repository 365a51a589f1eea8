import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createMasterKeyFile, LocalKeyProvider } from './local-key-provider.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { Vault } from './vault.ts';

async function openVault(): Promise<Vault> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-vault-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await createMasterKeyFile(join(folder, 'master.key'));
  return new Vault({
    blobStore: await FileBlobStore.open(join(folder, 'blobs')),
    keyProvider: await LocalKeyProvider.open(join(folder, 'master.key')),
  });
}

test('a sealed secret does not show, and opens only for the same organization, purpose and id, unchanged', async () => {
  const vault = await openVault();
  const organizationId = randomUUID();
  const key = await vault.createOrganizationKey(organizationId);
  const context = { organizationId, purpose: 'passcode', id: randomUUID() } as const;
  const sealed = await vault.sealSecret(key, context, Buffer.from('31415926'));

  expect(Buffer.from(sealed).includes('31415926')).toBe(false);
  expect(Buffer.from(await vault.openSecret(key, context, sealed)).toString()).toBe('31415926');

  await expect(vault.openSecret(key, { ...context, id: randomUUID() }, sealed)).rejects.toMatchObject({ code: 'context_mismatch' });
  const otherKey = await vault.createOrganizationKey(organizationId);
  await expect(vault.openSecret(otherKey, context, sealed)).rejects.toMatchObject({ code: 'context_mismatch' });
  await expect(vault.openSecret(key, { ...context, organizationId: randomUUID() }, sealed)).rejects.toMatchObject({ name: 'VaultError' });
  const changed = Buffer.from(sealed);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  await expect(vault.openSecret(key, context, changed)).rejects.toMatchObject({ code: 'decryption_failed' });
});
