import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMasterKeyFile, LocalKeyProvider } from './local-key-provider.ts';
import { openKeyProvider } from './open-key-provider.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signet-keys-'));
  path = join(folder, 'master.key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes 32 random bytes that only their owner can read, and never overwrites them', async () => {
  await createMasterKeyFile(path);
  const key = await readFile(path);
  expect(key).toHaveLength(32);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expect(createMasterKeyFile(path)).rejects.toMatchObject({ code: 'EEXIST' });
  expect((await readFile(path)).equals(key)).toBe(true);
});

it('names itself by its key, with nothing of the key in the name', async () => {
  await writeFile(path, Buffer.alloc(32, 7), { mode: 0o600 });
  const provider = await openKeyProvider(`file://${path}`);
  expect(provider.id).toBe('local:4bb06f8e4e3a7715');
});

it('unwraps what it wrapped, also after a restart, only under the same context', async () => {
  await createMasterKeyFile(path);
  const key = randomBytes(32);
  const wrapped = await (await LocalKeyProvider.open(path)).wrapKey(key, { purpose: 'test' });
  const provider = await LocalKeyProvider.open(path);
  expect(Buffer.from(await provider.unwrapKey(wrapped, { purpose: 'test' })).equals(key)).toBe(true);
  expect(Buffer.from(wrapped).includes(key)).toBe(false);
  await expect(provider.unwrapKey(wrapped, { purpose: 'other' })).rejects.toMatchObject({ code: 'context_mismatch' });
});

it('refuses a key file that is missing, of another length, or readable by others, and says which', async () => {
  await expect(LocalKeyProvider.open(path)).rejects.toMatchObject({ code: 'key_unavailable', message: expect.stringContaining('ENOENT') });
  await writeFile(path, randomBytes(31), { mode: 0o600 });
  await expect(LocalKeyProvider.open(path)).rejects.toMatchObject({
    code: 'key_unavailable',
    message: expect.stringContaining('31 bytes'),
  });
  await writeFile(path, randomBytes(32));
  await chmod(path, 0o640);
  await expect(LocalKeyProvider.open(path)).rejects.toMatchObject({ code: 'key_unavailable', message: expect.stringContaining('0600') });
});

it('is unhealthy when the file no longer holds the key in use', async () => {
  await createMasterKeyFile(path);
  const provider = await LocalKeyProvider.open(path);
  expect(await provider.checkHealth()).toEqual({ subject: 'key_provider', healthy: true, detail: provider.id });
  await writeFile(path, randomBytes(32));
  expect(await provider.checkHealth()).toMatchObject({ healthy: false });
  await rm(path);
  expect(await provider.checkHealth()).toMatchObject({ healthy: false, detail: expect.stringContaining('ENOENT') });
});

it('opens no other scheme than file:', async () => {
  for (const url of ['awskms:key', 'https://vault.example.test/', 'master.key']) {
    await expect(openKeyProvider(url)).rejects.toMatchObject({ code: 'key_unavailable', message: expect.stringContaining('file:///path') });
  }
});
