import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { emptyBlobTrash } from './empty-blob-trash.ts';
import { openTestWorker } from './testing/test-worker.ts';

const running = new AbortController().signal;

test('what lies in the trash for long is removed, what came lately stays, and what a message has after all is put back at once', async () => {
  const worker = await openTestWorker();
  const { id } = await worker.accept(['bob@example.net']);
  const organizationId = worker.organization.id;
  const throwAway = async () => {
    const sink = await worker.blobStore.createBlob(organizationId);
    await sink.append(Buffer.from('ciphertext'));
    await sink.commit();
    await worker.blobStore.moveToTrash(organizationId, sink.blobName);
    return sink.blobName;
  };
  const [orphan, wanted] = [await throwAway(), await throwAway()];
  await worker.system.query('update message set blob_name = $2 where id = $1', [id, wanted]);
  const names = async () => {
    const found: string[] = [];
    for await (const { blobName } of worker.blobStore.listTrash()) found.push(blobName);
    return found;
  };

  expect(await emptyBlobTrash(worker.system, worker.blobStore, new Date(Date.now() - 60_000), running)).toEqual({
    removed: 0,
    restored: 1,
  });
  expect(await names()).toEqual([orphan]);
  expect(await worker.blobStore.statBlob(organizationId, wanted)).toMatchObject({ blobName: wanted });

  expect(await emptyBlobTrash(worker.system, worker.blobStore, new Date(Date.now() + 60_000), running)).toEqual({
    removed: 1,
    restored: 0,
  });
  expect(await names()).toEqual([]);
  expect(await emptyBlobTrash(worker.system, worker.blobStore, new Date(Date.now() + 60_000), running)).toEqual({
    removed: 0,
    restored: 0,
  });
});

test('nothing is removed for good by a database that knows no message, or not the organization', async () => {
  const worker = await openTestWorker();
  const throwAway = async (organizationId: string) => {
    const sink = await worker.blobStore.createBlob(organizationId);
    await sink.append(Buffer.from('ciphertext'));
    await sink.commit();
    await worker.blobStore.moveToTrash(organizationId, sink.blobName);
    return sink.blobName;
  };
  const [foreign, orphan] = [await throwAway(randomUUID()), await throwAway(worker.organization.id)];
  const names = async () => {
    const found: string[] = [];
    for await (const { blobName } of worker.blobStore.listTrash()) found.push(blobName);
    return found;
  };
  const empty = () => emptyBlobTrash(worker.system, worker.blobStore, new Date(Date.now() + 60_000), running);

  await expect(empty()).rejects.toThrow(/knows no message/);
  expect(new Set(await names())).toEqual(new Set([foreign, orphan]));
  await worker.accept(['bob@example.net']);
  expect(await empty()).toEqual({ removed: 1, restored: 0 });
  expect(await names()).toEqual([foreign]);
});
