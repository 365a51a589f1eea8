import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkContent } from './check-content.ts';
import { openTestWorker } from './testing/test-worker.ts';

const running = new AbortController().signal;

async function worldOf() {
  const worker = await openTestWorker();
  const organizationId = worker.organization.id;
  const withBlob = async (length: number) => {
    const { id } = await worker.accept(['bob@example.net']);
    const sink = await worker.blobStore.createBlob(organizationId);
    await sink.append(Buffer.from('ciphertext'));
    await sink.commit();
    await worker.system.query('update message set blob_name = $2, blob_length = $3 where id = $1', [id, sink.blobName, length]);
    return { id, blobName: sink.blobName };
  };
  const missing = async () => {
    const rows = await worker.system.query<{ id: string }>('select id from message where content_missing_since is not null order by id');
    return rows.map(({ id }) => id);
  };
  return { ...worker, organizationId, withBlob, missing };
}

test('a message whose blob is gone or cut short is booked, and unbooked once it is there again', async () => {
  const { system, blobStore, organizationId, withBlob, missing } = await worldOf();
  const whole = await withBlob(10);
  const short = await withBlob(11);
  const gone = await withBlob(10);
  await blobStore.moveToTrash(organizationId, gone.blobName);

  expect(await checkContent({ system, reader: system }, blobStore, running)).toBe(2);
  expect(await missing()).toEqual([short.id, gone.id]);
  const [since] = await system.query('select content_missing_since from message where id = $1', [gone.id]);
  await blobStore.restoreFromTrash(organizationId, gone.blobName);
  expect(await checkContent({ system, reader: system }, blobStore, running)).toBe(1);
  expect(await missing()).toEqual([short.id]);
  expect(since).toMatchObject({ content_missing_since: expect.any(Date) as Date });
  await system.query('update message set erased_at = clock_timestamp(), wrapped_key = null, content_missing_since = null where id = $1', [
    short.id,
  ]);
  expect(await checkContent({ system, reader: system }, blobStore, running)).toBe(0);
  expect(await blobStore.statBlob(organizationId, whole.blobName)).toMatchObject({ length: 10 });
});

test('while the storage itself is away, nothing is said of any message', async () => {
  const { system, blobStore, folder, withBlob, missing } = await worldOf();
  await withBlob(10);
  await rm(join(folder, 'blobs'), { recursive: true });
  await expect(checkContent({ system, reader: system }, blobStore, running)).rejects.toMatchObject({ code: 'storage_unavailable' });
  expect(await missing()).toEqual([]);
});

test('a blob that is put back while its message is looked at is not booked as gone', async () => {
  const { system, blobStore, organizationId, withBlob, missing } = await worldOf();
  const { blobName } = await withBlob(10);
  await blobStore.moveToTrash(organizationId, blobName);
  const looks: string[] = [];
  const puttingBack = {
    checkHealth: () => blobStore.checkHealth(),
    statBlob: async (organization: string, name: string) => {
      looks.push(name);
      const isFirst = looks.length === 1;
      try {
        return await blobStore.statBlob(organization, name);
      } finally {
        if (isFirst) await blobStore.restoreFromTrash(organization, name);
      }
    },
  };
  expect(await checkContent({ system, reader: system }, puttingBack, running)).toBe(0);
  expect(await missing()).toEqual([]);
  expect(looks).toEqual([blobName, blobName]);
});
