import { randomUUID } from 'node:crypto';
import { readPlaces, type RetentionPolicy } from '@signet/domain/retention';
import { expect, onTestFinished, test } from 'vitest';
import { readAuditLog } from './audit-walk.ts';
import { Database } from './database.ts';
import { lockHolds } from './held.ts';
import { ingestAdminEvents } from './ingest.ts';
import { changeRetention, countRemoved, previewRetention, readRetention, removedSteps } from './retention.ts';
import { checkRetentionAccount, removeDueEntries } from './retention-sweep.ts';
import { daysAgo, openTrail } from './testing/recorded-trail.ts';
import { asSuperuser } from './testing/test-database.ts';

const never = new AbortController().signal;
const actor = { kind: 'system', id: null, address: null } as const;

async function open() {
  const trail = await openTrail();
  const { scope, retention } = trail;
  const set = (policy: RetentionPolicy) => scope.transaction((tx) => changeRetention(tx, policy, { actor }));
  const sweep = (settlingDays = 0) => removeDueEntries(retention, never, settlingDays);
  return { ...trail, set, sweep };
}

test('what is older than the policy of its operation goes with its addresses and the words of its subject; the rest stays, and so does every log entry', async () => {
  const { scope, record, set, sweep, kept } = await open();
  await record([
    { creationTime: daysAgo(400), operationProperties: [{ name: 'MailSubject', value: 'Old figures, old words' }] },
    { creationTime: daysAgo(20), operation: 'LinkTouch' },
    { creationTime: daysAgo(20), operationProperties: [{ name: 'MailSubject', value: 'New figures' }] },
    { creationTime: daysAgo(400), operation: 'MessageRevoke' },
    { creationTime: daysAgo(364) },
  ]);
  expect(await sweep()).toBe(0);
  await set({ days: 365, operations: { LinkTouch: 10, MessageRevoke: null } });
  expect(await previewRetention(scope, { days: 365, operations: {} })).toEqual({ operations: [], oldest: null });
  expect(await sweep()).toBe(2);
  expect(await kept()).toEqual([2, 3, 4]);
  expect(await scope.query('select 1 from audit_entry_address')).toHaveLength(6);
  expect(await scope.query('select word from audit_entry_word order by word')).toEqual([{ word: 'figures' }, { word: 'new' }]);
  const log = await readAuditLog(scope, 0, 5);
  expect(log.map(({ logIndex, logged, removal }) => [logIndex, logged === null, removal?.cause ?? null])).toEqual([
    [0, true, 'retention'],
    [1, true, 'retention'],
    [2, false, null],
    [3, false, null],
    [4, false, null],
  ]);
  expect(await sweep()).toBe(0);
  expect((await readRetention(scope)).sweptAt).toBeInstanceOf(Date);
});

test('a removal is on record as Signet’s own act, with how many of which, from when to when, and which places; messages know that something is missing', async () => {
  const { database, scope, record, set, sweep } = await open();
  const messageUid = randomUUID();
  const [oldest, newest] = [daysAgo(50), daysAgo(40)];
  await record([
    { creationTime: oldest, messageUid },
    { creationTime: daysAgo(1) },
    { creationTime: newest, messageUid, operation: 'PasscodeSend' },
    { creationTime: newest, messageUid: null },
    { creationTime: newest, messageUid, source: 'Mail client add-in' },
  ]);
  await set({ days: 30, operations: {} });
  await sweep();
  const ids = await database.system.query<{ id: string }>("select id from outbox where kind = 'ingest-admin-event'");
  await ingestAdminEvents(
    database.system,
    ids.map(({ id }) => id),
  );
  const records = await scope.query<{ id: string; action: string; record: { actor: object; reason: string; after: { places: string } } }>(
    "select id, action, record from admin_record where action = 'AuditRemove'",
  );
  expect(records).toMatchObject([
    {
      record: {
        actor: { kind: 'system' },
        reason: 'Retention',
        after: { cause: 'retention', entries: 4, operations: { MessageAccess: 3, PasscodeSend: 1 }, oldest, newest, places: '0,2-4' },
      },
    },
  ]);
  expect(readPlaces(records[0]?.record.after.places ?? '')).toEqual([
    { first: 0, last: 0 },
    { first: 2, last: 4 },
  ]);
  expect((await readAuditLog(scope, 0, 5)).flatMap(({ removal }) => removal?.record ?? [])).toEqual(Array(4).fill(records[0]?.id));
  expect(await countRemoved(scope)).toEqual({ entries: 4, lastAt: expect.any(Date) as unknown });
  expect(await removedSteps(scope, messageUid)).toEqual({ steps: 3, from: new Date(oldest), to: new Date(newest) });
  expect(await removedSteps(scope, randomUUID())).toBeNull();
  // A report counts what it would have listed: nothing that others stated.
  expect(await scope.query('select message_uid, entries, content_entries, oldest, newest from audit_removed_count')).toEqual([
    { message_uid: messageUid, entries: 3, content_entries: 1, oldest: new Date(oldest), newest: new Date(newest) },
  ]);
});

test('an entry that no checkpoint covers, or that was recorded lately, stays, however old what it tells of', async () => {
  const { database, record, set, sweep, seal, kept } = await open();
  await record([{ creationTime: daysAgo(900) }]);
  await set({ days: 30, operations: {} });
  expect(await sweep(7)).toBe(0);
  await asSuperuser(database.url, 'update log_seal set published_size = 0');
  expect(await sweep()).toBe(0);
  await seal();
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([]);
});

test('holds keep what they name: a message, an address wherever it stands, a span of the whole organization; the preview says so', async () => {
  const { scope, record, set, sweep, kept, hold } = await open();
  const messageUid = randomUUID();
  const old = { creationTime: daysAgo(100) };
  await record([
    { ...old, messageUid, messageId: '<held@acme.example>' },
    { ...old, messageId: '<held@acme.example>' },
    { ...old, sender: 'Eve@acme.example' },
    { ...old, recipients: ['x@example.net', 'EVE@acme.example'] },
    { ...old, operationProperties: [{ name: 'AttemptedAddress', value: 'eve@ACME.example' }] },
    { ...old, actor: { kind: 'recipient', id: null, address: 'eve@acme.example' } },
    { creationTime: daysAgo(200) },
    old,
  ]);
  await hold('kind, message_uid, message_id', `'message', '${messageUid}', '<held@acme.example>'`);
  await hold('kind, address', "'address', 'eve@acme.example'");
  await hold('kind, from_time, to_time', "'organization', now() - interval '210 days', now() - interval '190 days'");
  const policy = { days: 30, operations: {} };
  expect((await previewRetention(scope, { days: 10, operations: {} })).operations).toEqual([]);
  await set(policy);
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  await scope.query("update legal_hold set released_at = now() where kind = 'address'");
  expect(await sweep()).toBe(4);
  expect(await kept()).toEqual([0, 1, 6]);
});

test('a hold that is being made wins: who removes waits for it and keeps what it names, and a hold waits for the batch under way', async () => {
  const { retention, scope, record, set, kept } = await open();
  await record([{ creationTime: daysAgo(100) }]);
  await set({ days: 30, operations: {} });
  const sweeping = await scope.transaction(async (tx) => {
    await lockHolds(tx);
    const swept = removeDueEntries(retention, never, 0);
    await tx.query(
      `insert into legal_hold (organization_id, id, kind, reason, created_at, created_by) values ($1, $2, 'organization', 'a case', now(), '{}')`,
      [scope.organizationId, randomUUID()],
    );
    return { swept };
  });
  expect(await sweeping.swept).toBe(0);
  expect(await kept()).toEqual([0]);
});

test('in batches, by two workers at once while more is recorded: each entry goes once, and nothing that came meanwhile', async () => {
  const { database, scope, record, set, retention } = await open();
  await record(Array.from({ length: 4_500 }, (_, index) => ({ creationTime: daysAgo(100 + (index % 300)) })));
  await set({ days: 30, operations: {} });
  const [one, other] = await Promise.all([
    removeDueEntries(retention, never, 0),
    removeDueEntries(retention, never, 0),
    record([{ creationTime: daysAgo(2) }, { creationTime: daysAgo(3) }]),
  ]);
  expect(one + other).toBe(4_500);
  expect(await scope.query('select log_index from audit_entry')).toHaveLength(2);
  const [sum] = await database.system.query<{ entries: number; places: number }>(
    `select (select sum(entries) from audit_removal)::int as entries, (select sum(last_index - first_index + 1) from audit_removed_range)::int as places`,
  );
  expect(sum).toEqual({ entries: 4_500, places: 4_500 });
  expect((await readAuditLog(scope, 4_000, 4_502)).filter(({ logged, removal }) => logged === null && removal === null)).toEqual([]);
});

test('another organization keeps its own, and the same policy again is no change', async () => {
  const acme = await open();
  await acme.record([{ creationTime: daysAgo(100) }]);
  const stranger = acme.database.forOrganization(randomUUID());
  expect((await readRetention(stranger)).policy).toEqual({ days: null, operations: {} });
  await acme.set({ days: 30, operations: { LinkTouch: 10, MessageAccess: null } });
  await acme.set({ days: 30, operations: { MessageAccess: null, LinkTouch: 10 } });
  expect(await acme.database.system.query("select 1 from outbox where kind = 'ingest-admin-event'")).toHaveLength(1);
  expect(await acme.sweep()).toBe(0);
});

test('the account that removes entries can neither add nor change one, nor touch admin records, log entries or content; others cannot stand in for it', async () => {
  const { database, retention } = await open();
  await expect(checkRetentionAccount(retention.system)).resolves.toBeUndefined();
  await expect(checkRetentionAccount(database.system)).rejects.toThrow('signet_retention');
  const owner = new Database({ url: database.ownerUrl, applicationName: 'signet-test' });
  onTestFinished(() => owner.close());
  await expect(checkRetentionAccount(owner.system)).rejects.toThrow('owns the tables');
  for (const forbidden of [
    'insert into audit_entry select * from audit_entry',
    'update audit_entry set salt = salt',
    'delete from admin_record',
    'delete from log_entry',
    'delete from legal_hold',
    'update legal_hold set released_at = now()',
    'update retention_policy set days = 7',
    'delete from audit_removal',
    'update audit_removed_range set removal_id = removal_id',
    'select 1 from message',
    'select payload from outbox',
    'truncate audit_entry',
  ])
    await expect(retention.system.query(forbidden), forbidden).rejects.toThrow(/not available|permission/);
});
