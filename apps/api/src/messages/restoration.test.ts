import { beginWrapperDelivery, finishDelivery } from '@signet/db/delivery';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const { database } = api;

async function wrapperRows(messageUid: string): Promise<string[]> {
  const rows = await database.system.query<{ id: number }>(
    "select id from outbox where message_uid = $1 and kind = 'send-wrapper-mail' and dead_at is null",
    [messageUid],
  );
  return rows.map((row) => String(row.id));
}

async function change(id: string, what: 'revocation' | 'restoration'): Promise<void> {
  const answer = await ask(api, `POST /v1/messages/${id}/${what}`, { key: acme.apiKey });
  expect(answer.status, answer.text).toBe(200);
}

test('whoever is restored before a wrapper mail ever went out gets theirs after all, once', async () => {
  const id = await submitMail(api, acme, { messageId: '<never-sent@acme.example>' });
  await change(id, 'revocation');
  const [row = ''] = await wrapperRows(id);
  expect(await beginWrapperDelivery(database, row, 60), 'nothing is sent to a revoked recipient').toBeNull();
  expect(await wrapperRows(id)).toEqual([]);
  await change(id, 'restoration');
  const [again = ''] = await wrapperRows(id);
  await change(id, 'restoration');
  expect(await wrapperRows(id)).toEqual([again]);
  expect(await beginWrapperDelivery(database, again, 60)).toMatchObject({ address: 'bob@example.net' });
});

test('a wrapper mail that still waits, or that was sent, is not sent a second time by restoring', async () => {
  const id = await submitMail(api, acme, { messageId: '<waits@acme.example>' });
  const rows = await wrapperRows(id);
  await change(id, 'revocation');
  await change(id, 'restoration');
  expect(await wrapperRows(id)).toEqual(rows);
  const order = await beginWrapperDelivery(database, rows[0] ?? '', 60);
  if (!order) throw new Error('there is nothing to send');
  await finishDelivery(database, order, { delivery: 'Sent', response: '250 OK' }, { attempts: 1, delayedAfterSeconds: 1 });
  await change(id, 'revocation');
  await change(id, 'restoration');
  expect(await wrapperRows(id)).toEqual([]);
});

test('a worker that drops the mail of a revoked recipient while they are being restored loses none', async () => {
  const id = await submitMail(api, acme, { messageId: '<race@acme.example>' });
  await change(id, 'revocation');
  const [row = ''] = await wrapperRows(id);
  const removed = Promise.withResolvers<void>();
  const mayCommit = Promise.withResolvers<void>();
  const worker = database.system.transaction(async (tx) => {
    await tx.query('select from outbox where id = $1 for update', [row]);
    await tx.query('delete from outbox where id = $1', [row]);
    removed.resolve();
    await mayCommit.promise;
  });
  await removed.promise;
  const restored = change(id, 'restoration');
  await expect.poll(() => waitingForLock()).toBeGreaterThan(0);
  mayCommit.resolve();
  await Promise.all([worker, restored]);
  expect(await wrapperRows(id)).toHaveLength(1);
});

async function waitingForLock(): Promise<number> {
  const [row] = await database.system.query<{ count: number }>(
    "select count(*) as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return row?.count ?? 0;
}
