import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BlobSource, ListedBlob } from './blob-store.ts';
import { BlobWriter } from './blob-writer.ts';
import { FileBlobSink } from './file-blob-sink.ts';
import { openBlobStore } from './open-blob-store.ts';
import { drain, filesUnder, openTemporaryVault } from './testing/temporary-vault.ts';
import type { TemporaryVault } from './testing/temporary-vault.ts';
import { storageErrorOf } from './vault-error.ts';

const organizationId = randomUUID();
const later = new Date(Date.now() + 3_600_000);
let temporary: TemporaryVault;

beforeAll(async () => {
  temporary = await openTemporaryVault();
});
afterAll(() => temporary[Symbol.asyncDispose]());

async function listed(before: Date = later): Promise<ListedBlob[]> {
  const found: ListedBlob[] = [];
  for await (const blob of temporary.blobStore.listBlobs(before)) found.push(blob);
  return found;
}

async function contentOf(source: BlobSource): Promise<string> {
  const { bytes } = await drain(source.read(0, source.length));
  await source.close();
  return bytes.toString();
}

it('shows a blob to nobody before its commit, and whole afterwards', async () => {
  const sink = await temporary.blobStore.createBlob(organizationId);
  await sink.append(Buffer.from('one '));
  await sink.append(Buffer.from('two'));
  await expect(temporary.blobStore.openBlob(organizationId, sink.blobName)).rejects.toMatchObject({ code: 'blob_not_found' });
  expect(await listed()).toEqual([]);
  expect(await contentOf(await sink.openWritten())).toBe('one two');

  await sink.commit();
  expect(await contentOf(await temporary.blobStore.openBlob(organizationId, sink.blobName))).toBe('one two');
  expect(await listed()).toMatchObject([{ organizationId, blobName: sink.blobName, length: 7 }]);
  expect(await listed(new Date(Date.now() - 60_000))).toEqual([]);
  expect(await filesUnder(temporary.root)).toEqual([join(temporary.root, organizationId, sink.blobName.slice(0, 2), sink.blobName)]);
  await sink.abort();
  expect(await listed()).toHaveLength(1);
  await expect(sink.append(Buffer.from('more'))).rejects.toMatchObject({ code: 'writer_closed' });
  await expect(sink.commit()).rejects.toMatchObject({ code: 'writer_closed' });
});

it('leaves nothing behind after an abort', async () => {
  const before = await filesUnder(temporary.root);
  const sink = await temporary.blobStore.createBlob(organizationId);
  await sink.append(Buffer.from('gone'));
  await sink.abort();
  await sink.abort();
  expect(await filesUnder(temporary.root)).toEqual(before);
  await expect(sink.commit()).rejects.toMatchObject({ code: 'writer_closed' });
});

it('moves a blob to the trash with all its bytes instead of deleting it', async () => {
  const sink = await temporary.blobStore.createBlob(organizationId);
  await sink.append(Buffer.from('an orphan'));
  await sink.commit();
  await temporary.blobStore.moveToTrash(organizationId, sink.blobName);
  await expect(temporary.blobStore.openBlob(organizationId, sink.blobName)).rejects.toMatchObject({ code: 'blob_not_found' });
  await expect(temporary.blobStore.moveToTrash(organizationId, sink.blobName)).rejects.toMatchObject({ code: 'blob_not_found' });
  expect((await listed()).map(({ blobName }) => blobName)).not.toContain(sink.blobName);
  expect(await readFile(join(temporary.root, '.trash', organizationId, sink.blobName), 'utf8')).toBe('an orphan');
});

it('lists the trash with the time since when each blob lies there, and gives one back or removes it for good', async () => {
  const write = async () => {
    const sink = await temporary.blobStore.createBlob(organizationId);
    await sink.append(Buffer.from('an orphan'));
    await sink.commit();
    // However old the blob itself is.
    const longAgo = new Date(0);
    const path = join(temporary.root, organizationId, sink.blobName.slice(0, 2), sink.blobName);
    await utimes(path, longAgo, longAgo);
    await temporary.blobStore.moveToTrash(organizationId, sink.blobName);
    return sink.blobName;
  };
  const before = Date.now() - 1_000;
  const [wanted, unwanted] = [await write(), await write()];
  const trash = async () => {
    const found: ListedBlob[] = [];
    for await (const blob of temporary.blobStore.listTrash()) if ([wanted, unwanted].includes(blob.blobName)) found.push(blob);
    return found;
  };
  expect((await trash()).map(({ blobName }) => blobName).toSorted()).toEqual([wanted, unwanted].toSorted());
  expect((await trash()).every(({ writtenAt, length }) => writtenAt.getTime() > before && length === 9)).toBe(true);

  await temporary.blobStore.restoreFromTrash(organizationId, wanted);
  expect(await temporary.blobStore.statBlob(organizationId, wanted)).toMatchObject({ length: 9 });
  await temporary.blobStore.removeFromTrash(organizationId, unwanted);
  expect(await trash()).toEqual([]);
  for (const blobName of [wanted, unwanted, '../x']) {
    await expect(temporary.blobStore.removeFromTrash(organizationId, blobName)).rejects.toMatchObject({ code: 'blob_not_found' });
    await expect(temporary.blobStore.restoreFromTrash(organizationId, blobName)).rejects.toMatchObject({ code: 'blob_not_found' });
  }
});

it('moves to the trash what a dead writer left long ago, and nothing that is still being written', async () => {
  const dead = await temporary.blobStore.createBlob(organizationId);
  await dead.append(Buffer.from('half a blo'));
  const alive = await temporary.blobStore.createBlob(organizationId);
  const longAgo = new Date(Date.now() - 86_400_000);
  await utimes(join(temporary.root, '.unfinished', `${organizationId}.${dead.blobName}`), longAgo, longAgo);
  expect(await temporary.blobStore.trashUnfinished(new Date(Date.now() - 3_600_000))).toBe(1);
  expect(await readdir(join(temporary.root, '.unfinished'))).toEqual([`${organizationId}.${alive.blobName}`]);
  expect(await readFile(join(temporary.root, '.trash', organizationId, dead.blobName), 'utf8')).toBe('half a blo');
  await dead.abort();
  await alive.abort();
});

it('knows no blob by a name that is not a lower-case UUID, so that no name leads out of the store', async () => {
  const name = randomUUID();
  for (const [organization, blobName] of [
    ['..', name],
    [organizationId, '../../master.key'],
    [organizationId, name.toUpperCase().replace(/^./, 'A')],
    [organizationId, name],
  ] as const) {
    await expect(temporary.blobStore.openBlob(organization, blobName)).rejects.toMatchObject({ code: 'blob_not_found' });
    await expect(temporary.blobStore.statBlob(organization, blobName)).rejects.toMatchObject({ code: 'blob_not_found' });
  }
});

it('says that a blob ends too early when a range goes beyond it', async () => {
  const sink = await temporary.blobStore.createBlob(organizationId);
  await sink.append(Buffer.from('short'));
  await sink.commit();
  const source = await temporary.blobStore.openBlob(organizationId, sink.blobName);
  expect((await drain(source.read(2, 9))).error).toMatchObject({ code: 'blob_truncated' });
  await source.close();
});

it.runIf(process.platform === 'linux')('says storage_full when the disk is, on Linux’ always full device', async () => {
  const file = await open('/dev/full', 'w');
  const path = join(temporary.folder, 'never-made');
  const sink = new FileBlobSink({ blobName: randomUUID(), file, path, publish: () => Promise.resolve() });
  const message = { organizationId: temporary.organizationId, messageUid: randomUUID() };
  const { messageKey } = await temporary.vault.createMessageKey(temporary.organizationKey, message);
  const writer = new BlobWriter(sink, messageKey);
  await expect(writer.writePart('body', Buffer.from('text'))).rejects.toMatchObject({ code: 'storage_full' });
  await writer.abort();
});

function errorOf(errno: string): string {
  return storageErrorOf(Object.assign(new Error(errno), { code: errno })).code;
}

it('tells a full disk from every other failure of the storage', () => {
  expect(['ENOSPC', 'EDQUOT'].map(errorOf)).toEqual(['storage_full', 'storage_full']);
  expect(['EIO', 'EROFS', 'EACCES', 'EMFILE'].map(errorOf)).toEqual(Array.from({ length: 4 }, () => 'storage_unavailable'));
});

it('is unhealthy, and refuses to write, when its folder is gone', async () => {
  const root = join(temporary.folder, 'elsewhere');
  const store = await openBlobStore(`file://${root}`);
  expect(await store.checkHealth()).toMatchObject({ subject: 'blob_store', healthy: true });
  await rm(root, { recursive: true });
  expect(await store.checkHealth()).toMatchObject({ subject: 'blob_store', healthy: false });
  await expect(store.createBlob(organizationId)).rejects.toMatchObject({ code: 'storage_unavailable' });
});

it('opens no other scheme than file:', async () => {
  for (const url of ['s3://bucket', 'http://example.test/', 'file://host/path', 'blobs', '']) {
    await expect(openBlobStore(url)).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('file:///folder'),
    });
  }
});

it('keeps a note whole, the last one that was written, apart from all blobs', async () => {
  const { blobStore } = temporary;
  expect(await blobStore.readNote(organizationId, 'audit-checkpoint')).toBeNull();
  await blobStore.writeNote(organizationId, 'audit-checkpoint', 'first');
  await blobStore.writeNote(organizationId, 'admin-checkpoint', 'other');
  await Promise.all(['2', '3', '4'].map((text) => blobStore.writeNote(organizationId, 'audit-checkpoint', text.repeat(10_000))));
  expect(await blobStore.readNote(organizationId, 'audit-checkpoint')).toMatch(/^(2{10000}|3{10000}|4{10000})$/);
  expect(await blobStore.readNote(organizationId, 'admin-checkpoint')).toBe('other');
  expect(await blobStore.readNote(randomUUID(), 'audit-checkpoint')).toBeNull();
  expect((await filesUnder(temporary.folder)).filter((path) => path.includes('checkpoint'))).toHaveLength(2);
  const blobs = await listed();
  expect(blobs.some(({ blobName }) => blobName.includes('checkpoint'))).toBe(false);
});

it('reads and writes no note outside of its folder', async () => {
  await expect(temporary.blobStore.writeNote('../elsewhere', 'audit-checkpoint', 'text')).rejects.toMatchObject({ code: 'blob_not_found' });
  expect(await temporary.blobStore.readNote('../elsewhere', 'audit-checkpoint')).toBeNull();
});
