import { randomUUID } from 'node:crypto';
import { glob, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyBlobTrash } from './empty-blob-trash.ts';
import { openTestWorker } from './testing/test-worker.ts';
import { ORPHAN_AGE, trashOrphanedBlobs } from './trash-orphaned-blobs.ts';

async function worldOf() {
  const worker = await openTestWorker();
  const organizationId = worker.organization.id;
  const write = async (of = organizationId) => {
    const sink = await worker.blobStore.createBlob(of);
    await sink.append(Buffer.from('ciphertext'));
    await sink.commit();
    return sink.blobName;
  };
  const writeOld = async (of = organizationId) => {
    const name = await write(of);
    const old = new Date(Date.now() - ORPHAN_AGE - 60_000);
    for await (const path of glob(`**/${name}`, { cwd: worker.folder })) await utimes(join(worker.folder, path), old, old);
    return name;
  };
  /** An old blob that a message has. */
  const writeOwned = async () => {
    const { id } = await worker.accept(['bob@example.net']);
    const name = await writeOld();
    await worker.system.query('update message set blob_name = $2 where id = $1', [id, name]);
    return name;
  };
  const sweep = () => trashOrphanedBlobs(worker.system, worker.blobStore, new Date(), new AbortController().signal);
  return { ...worker, organizationId, write, writeOld, writeOwned, sweep };
}

test('a blob that no message has is moved to the trash once it is old, and one that a message has stays', async () => {
  const { blobStore, folder, organizationId, write, writeOld, writeOwned, sweep } = await worldOf();
  const [owned, orphan, young] = [await writeOwned(), await writeOld(), await write()];

  expect(await sweep()).toBe(1);

  expect(await blobStore.statBlob(organizationId, owned)).toMatchObject({ blobName: owned });
  expect(await blobStore.statBlob(organizationId, young)).toMatchObject({ blobName: young });
  await expect(blobStore.statBlob(organizationId, orphan)).rejects.toMatchObject({ code: 'blob_not_found' });
  const trashed: string[] = [];
  for await (const path of glob(`**/.trash/**/${orphan}`, { cwd: folder })) trashed.push(path);
  expect(trashed).toHaveLength(1);
});

test('blobs of an organization that the database does not know stay: another Signet may have them', async () => {
  const { blobStore, writeOld, writeOwned, sweep } = await worldOf();
  await writeOwned();
  const elsewhere = randomUUID();
  const foreign = await writeOld(elsewhere);

  expect(await sweep()).toBe(0);

  expect(await blobStore.statBlob(elsewhere, foreign)).toMatchObject({ blobName: foreign });
});

test('a database that knows no message moves no blob', async () => {
  const { blobStore, organizationId, writeOld, sweep } = await worldOf();
  const blob = await writeOld();

  await expect(sweep()).rejects.toThrow(/knows no message/);

  expect(await blobStore.statBlob(organizationId, blob)).toMatchObject({ blobName: blob });
});

test('where more than half of twenty old blobs would go, none does; up to half go', async () => {
  const { blobStore, organizationId, writeOld, writeOwned, sweep } = await worldOf();
  for (let count = 0; count < 9; count += 1) await writeOwned();
  const orphans: string[] = [];
  for (let count = 0; count < 11; count += 1) orphans.push(await writeOld());

  await expect(sweep()).rejects.toThrow(/11 of 20 old blobs/);
  for (const orphan of orphans) expect(await blobStore.statBlob(organizationId, orphan)).toMatchObject({ blobName: orphan });

  for (let count = 0; count < 2; count += 1) await writeOwned();
  expect(await sweep()).toBe(11);
});

test('blobs of erased messages go to the trash, however many they are, and out of it in their time; those of others stay', async () => {
  const { blobStore, organizationId, system, writeOwned, sweep } = await worldOf();
  const kept = await writeOwned();
  const erased: string[] = [];
  for (let count = 0; count < 21; count += 1) erased.push(await writeOwned());
  await system.query('update message set erased_at = clock_timestamp(), wrapped_key = null where blob_name = any($1::text[])', [erased]);

  expect(await sweep()).toBe(21);
  expect(await blobStore.statBlob(organizationId, kept)).toMatchObject({ blobName: kept });
  for (const blob of erased) await expect(blobStore.statBlob(organizationId, blob)).rejects.toMatchObject({ code: 'blob_not_found' });

  const stopping = new AbortController().signal;
  expect(await emptyBlobTrash(system, blobStore, new Date(Date.now() + 60_000), stopping)).toEqual({ removed: 21, restored: 0 });
});
