import { glob, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestWorker } from './testing/test-worker.ts';
import { ORPHAN_AGE, trashOrphanedBlobs } from './trash-orphaned-blobs.ts';

test('a blob that no message has is moved to the trash once it is old, and one that a message has stays', async () => {
  const worker = await openTestWorker();
  const { id } = await worker.accept(['bob@example.net']);
  const organizationId = worker.organization.id;
  const write = async () => {
    const sink = await worker.blobStore.createBlob(organizationId);
    await sink.append(Buffer.from('ciphertext'));
    await sink.commit();
    return sink.blobName;
  };
  const [owned, orphan, young] = [await write(), await write(), await write()];
  await worker.system.query('update message set blob_name = $2 where id = $1', [id, owned]);
  const old = new Date(Date.now() - ORPHAN_AGE - 60_000);
  for await (const path of glob(`**/{${owned},${orphan}}`, { cwd: worker.folder })) await utimes(join(worker.folder, path), old, old);

  expect(await trashOrphanedBlobs(worker.system, worker.blobStore, new Date())).toBe(1);

  expect(await worker.blobStore.statBlob(organizationId, owned)).toMatchObject({ blobName: owned });
  expect(await worker.blobStore.statBlob(organizationId, young)).toMatchObject({ blobName: young });
  await expect(worker.blobStore.statBlob(organizationId, orphan)).rejects.toMatchObject({ code: 'blob_not_found' });
  const trashed: string[] = [];
  for await (const path of glob(`**/.trash/**/${orphan}`, { cwd: worker.folder })) trashed.push(path);
  expect(trashed).toHaveLength(1);
});
