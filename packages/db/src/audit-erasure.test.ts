import { randomUUID } from 'node:crypto';
import { auditEvent } from '@signet/domain/audit/entry';
import { expect, test } from 'vitest';
import { appendAuditEvents } from './audit.ts';
import { readAuditLog } from './audit-walk.ts';
import type { OrganizationScope } from './database.ts';
import {
  ErasedAlreadyError,
  findEntryErasure,
  findErasure,
  HeldEntriesError,
  listErasures,
  previewErasure,
  requestErasure,
  UnknownEntriesError,
  type NamedEntries,
} from './audit-erasure.ts';
import { eraseNamedEntries } from './erasure-sweep.ts';
import { loadExposureFacts } from './exposure.ts';
import { ingestAdminEvents } from './ingest.ts';
import { daysAgo, openTrail } from './testing/recorded-trail.ts';
import { asSuperuser } from './testing/test-database.ts';

const never = new AbortController().signal;
const officer = { kind: 'member', id: randomUUID(), address: 'eve@acme.example' } as const;
const act = { actor: officer, by: { ...officer, name: 'eve@acme.example' } };

function request(scope: OrganizationScope, named: NamedEntries, leaveHeld = false) {
  return scope.transaction((tx) => requestErasure(tx, { named, reason: 'Case 7, art. 17 GDPR', leaveHeld }, act));
}

async function open() {
  const trail = await openTrail();
  const { database, retention, scope } = trail;
  const ingest = async () => {
    const waiting = await database.system.query<{ id: string }>("select id from outbox where kind = 'ingest-admin-event'");
    await ingestAdminEvents(
      database.system,
      waiting.map(({ id }) => id),
    );
  };
  const sweep = async () => {
    await ingest();
    return eraseNamedEntries(retention, never);
  };
  const idsAt = async (...places: number[]) =>
    (await scope.query<{ id: string }>('select id from audit_entry where log_index = any($1) order by log_index', [places])).map(
      ({ id }) => id,
    );
  const byId = async (...places: number[]): Promise<NamedEntries> => ({ kind: 'entries', ids: await idsAt(...places) });
  const acts = async (action: string) => {
    await ingest();
    const rows = await scope.query<{ record: { actor: object; reason: string; after: Record<string, unknown> } }>(
      'select record from admin_record where action = $1 order by log_index',
      [action],
    );
    return rows.map(({ record }) => record);
  };
  return { ...trail, ingest, sweep, idsAt, byId, acts };
}

test('an entry that is named goes with its addresses, its words and the hash of its receipt; who asked, why and where is on record, and nothing of what it said', async () => {
  const { scope, record, sweep, byId, idsAt, kept, acts, database } = await open();
  const messageUid = randomUUID();
  const secret = {
    messageUid,
    recipients: ['Subject@example.net'],
    operationProperties: [{ name: 'MailSubject', value: 'Private words' }],
  };
  await record([{ recipients: ['x@example.net'] }, { ...secret, creationTime: daysAgo(3) }, { recipients: ['y@example.net'] }]);
  const [id = ''] = await idsAt(1);
  const made = await request(scope, await byId(1));
  expect(made).toMatchObject({ kind: 'entries', entries: 1, erased: 0, createdBy: 'eve@acme.example', endedAt: null });
  expect(await findEntryErasure(scope, id)).toMatchObject({ outcome: 'waiting', logIndex: 1, record: null });
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([0, 2]);
  expect(await scope.query("select 1 from audit_entry_address where address = 'subject@example.net'")).toEqual([]);
  expect(await scope.query('select 1 from audit_entry_word')).toEqual([]);
  expect(await scope.query('select length(content_hash) as bytes from audit_receipt where event_id = $1', [id])).toEqual([{ bytes: 0 }]);
  expect(await findErasure(scope, made.id)).toMatchObject({ erased: 1, held: 0, gone: 0, endedAt: expect.any(Date) });
  const [removal, ...more] = await acts('AuditRemove');
  expect([removal, more]).toMatchObject([
    {
      actor: officer,
      target: { kind: 'audit-erasure', id: made.id },
      reason: 'Case 7, art. 17 GDPR',
      after: { cause: 'erasure', erasure: made.id, entries: 1, places: '1' },
    },
    [],
  ]);
  expect(Object.keys(removal?.after ?? {}).toSorted()).toEqual(['cause', 'entries', 'erasure', 'places']);
  expect(await acts('AuditErase')).toMatchObject([{ reason: 'Case 7, art. 17 GDPR', after: { kind: 'entries', entries: 1, messages: 1 } }]);
  const [, place] = await readAuditLog(scope, 0, 3);
  expect(place).toMatchObject({ logIndex: 1, logged: null, removal: { cause: 'erasure' } });
  expect(await findEntryErasure(scope, id)).toMatchObject({
    outcome: 'erased',
    logIndex: 1,
    hash: place?.hash,
    record: place?.removal?.record,
  });
  const everything = await asSuperuser<{ row: string }>(
    database.url,
    `select query_to_xml('select * from ' || oid::regclass, true, true, '')::text as row from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like '\\_prisma%'`,
  );
  expect(everything.some(({ row }) => row.includes('y@example.net'))).toBe(true);
  for (const { row } of everything) expect(row).not.toMatch(/subject@example|private words/i);
  // When it was is known by the day alone.
  expect((await loadExposureFacts(scope, messageUid)).removed).toMatchObject({
    steps: 1,
    from: new Date(`${daysAgo(3).slice(0, 10)}T00:00:00Z`),
  });
});

test('all entries that name an address as sender or recipient are erased, in batches, and what comes later stays; the address is kept nowhere', async () => {
  const { scope, record, sweep, kept, database } = await open();
  await record([
    ...Array.from({ length: 2_100 }, () => ({ recipients: ['Dan@example.net', 'x@example.net'] })),
    { sender: 'dan@Example.net' },
    { recipients: ['nobody@example.net'] },
  ]);
  const named = { kind: 'address', address: 'DAN@example.net' } as const;
  expect(await previewErasure(scope, named)).toMatchObject({ entries: 2_101, held: 0, isCut: false, messageCount: 1 });
  const made = await request(scope, named);
  expect(made.entries).toBe(2_101);
  await record([{ recipients: ['dan@example.net'] }]);
  expect(await sweep()).toBe(2_101);
  expect(await kept()).toEqual([2_101, 2_102]);
  expect(await findErasure(scope, made.id)).toMatchObject({ erased: 2_101, endedAt: expect.any(Date) });
  const said = await asSuperuser(database.url, `select 1 from audit_erasure a where a::text ilike '%dan@%'`);
  expect(said).toEqual([]);
  await expect(request(scope, { kind: 'address', address: 'who@example.net' })).rejects.toThrow(UnknownEntriesError);
});

test('what a legal hold keeps is refused with the hold’s name, or left where that is asked for; a hold that comes before the worker keeps its entries', async () => {
  const { scope, record, sweep, byId, kept, hold, idsAt } = await open();
  await record([{ recipients: ['held@example.net'] }, { recipients: ['x@example.net'] }, { recipients: ['late@example.net'] }]);
  await hold('kind, address', "'address', 'held@example.net'");
  const refusal = await request(scope, await byId(0, 1)).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(HeldEntriesError);
  expect(refusal).toMatchObject({ held: 1, holds: [{ kind: 'address', reason: 'a case' }] });
  await expect(request(scope, await byId(0), true)).rejects.toThrow(HeldEntriesError);
  expect(await listErasures(scope, { limit: 10, below: null })).toEqual({ items: [], next: null });
  const [late = ''] = await idsAt(2);
  const made = await request(scope, await byId(0, 1, 2), true);
  expect(made.entries).toBe(2);
  await hold('kind, address', "'address', 'late@example.net'");
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([0, 2]);
  expect(await findErasure(scope, made.id)).toMatchObject({ erased: 1, held: 1, endedAt: expect.any(Date) });
  expect(await findEntryErasure(scope, late)).toMatchObject({ outcome: 'held' });
  await scope.query('update legal_hold set released_at = now()');
  await request(scope, { kind: 'entries', ids: [late] });
  expect(await sweep()).toBe(1);
  expect(await findEntryErasure(scope, late)).toMatchObject({ outcome: 'erased' });
});

test('what is held takes no room away from the rest of an address: the oldest that nobody holds are taken, and what waits already is told from what is not there', async () => {
  const { scope, record, sweep, kept, hold } = await open();
  const [dan, held] = ['dan@example.net', 'held@example.net'];
  await record(
    [[dan, held], [dan, held], [dan], [held], [dan], [dan, held], [dan]].map((recipients, place) => ({
      recipients,
      sender: place === 4 ? dan : 'x@example.net',
      messageId: `<${place}@acme.example>`,
      creationTime: daysAgo(20 - place),
    })),
  );
  await hold('kind, address', "'address', 'held@example.net'");
  const named = { kind: 'address', address: dan } as const;
  const ask = (leaveHeld: boolean, atMost: number) =>
    scope.transaction((tx) => requestErasure(tx, { named, reason: 'Case 8', leaveHeld, atMost }, act));
  expect(await previewErasure(scope, named, 2)).toEqual({
    entries: 2,
    held: 2,
    already: 0,
    isCut: true,
    messageCount: 2,
    messages: [2, 4].map((place) => ({ messageUid: null, messageId: `<${place}@acme.example>`, entries: 1 })),
    holds: [{ id: expect.any(String), kind: 'address', reason: 'a case' }],
  });
  expect(await previewErasure(scope, named)).toMatchObject({ entries: 3, held: 3, isCut: false });
  await expect(ask(false, 2)).rejects.toThrow(HeldEntriesError);
  expect((await ask(true, 2)).entries).toBe(2);
  expect(await previewErasure(scope, named, 2)).toMatchObject({ entries: 1, held: 3, already: 2, isCut: false });
  expect((await ask(true, 2)).entries).toBe(1);
  await expect(ask(true, 2)).rejects.toThrow(HeldEntriesError);
  await scope.query('update legal_hold set released_at = now()');
  expect((await ask(false, 5)).entries).toBe(3);
  expect(await previewErasure(scope, named)).toMatchObject({ entries: 0, held: 0, already: 6, messages: [], holds: [] });
  await expect(ask(false, 5)).rejects.toThrow(ErasedAlreadyError);
  expect(await sweep()).toBe(6);
  expect(await kept()).toEqual([3]);
  await expect(ask(false, 5)).rejects.toThrow(UnknownEntriesError);
});

test('asked again, and carried out by two workers at once or after one that broke off, each entry is erased once', async () => {
  const { scope, record, retention, ingest, sweep, byId, idsAt, kept, acts } = await open();
  await record(Array.from({ length: 5 }, () => ({})));
  const ids = await idsAt(0, 1, 2);
  await request(scope, await byId(0, 1));
  await expect(request(scope, await byId(0, 1))).rejects.toThrow(ErasedAlreadyError);
  const second = await request(scope, { kind: 'entries', ids });
  expect(second.entries).toBe(1);
  // What breaks off leaves nothing behind: the batch is one transaction.
  await expect(
    retention.forOrganization(scope.organizationId).transaction(async (tx) => {
      await tx.query('delete from audit_entry where organization_id = $1 and id = $2', [scope.organizationId, ids[0]]);
      throw new Error('broken off');
    }),
  ).rejects.toThrow('broken off');
  await ingest();
  const [one, other] = await Promise.all([eraseNamedEntries(retention, never), eraseNamedEntries(retention, never)]);
  expect(one + other).toBe(3);
  expect(await sweep()).toBe(0);
  expect(await kept()).toEqual([3, 4]);
  expect((await acts('AuditRemove')).map(({ after }) => String(after['places'])).toSorted()).toEqual(['0-1', '2']);
  await expect(request(scope, { kind: 'entries', ids })).rejects.toThrow(ErasedAlreadyError);
});

test('an entry that no checkpoint covers waits for one; one that retention took meanwhile is gone', async () => {
  const { database, scope, record, seal, sweep, byId, kept } = await open();
  await record([{}, {}]);
  await asSuperuser(database.url, 'update log_seal set published_size = 0');
  const made = await request(scope, await byId(0, 1));
  const version = () => scope.query('select xmin::text from audit_erasure');
  const before = await version();
  expect(await sweep()).toBe(0);
  expect(await findErasure(scope, made.id)).toMatchObject({ erased: 0, endedAt: null });
  expect(await version(), 'waiting writes nothing').toEqual(before);
  await seal();
  await asSuperuser(database.url, 'delete from audit_entry where log_index = 1');
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([]);
  expect(await findErasure(scope, made.id)).toMatchObject({ erased: 1, gone: 1, endedAt: expect.any(Date) });
});

test('an erasure that fails is named and holds up no other one', async () => {
  const { database, scope, organizationId, record, ingest, sweep, byId, kept } = await open();
  await record([{}, {}]);
  const [bad, good] = [await request(scope, await byId(0)), await request(scope, await byId(1))];
  await asSuperuser(
    database.url,
    `insert into audit_removed_range (organization_id, first_index, last_index, removal_id) values ('${organizationId}', 0, 0, gen_random_uuid())`,
  );
  await ingest();
  const failure: unknown = await sweep().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AggregateError);
  expect(String(failure)).toContain(bad.id);
  expect(String(failure)).not.toContain(good.id);
  expect(await kept()).toEqual([0]);
  await asSuperuser(database.url, 'delete from audit_removed_range where first_index = 0');
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([]);
});

test('the worker believes no place that is not the entry’s own, and erases nothing that nobody is on record for', async () => {
  const { database, retention, scope, organizationId, record, ingest, sweep, byId, idsAt, kept } = await open();
  await record([{}, {}, {}]);
  await asSuperuser(database.url, 'update log_seal set published_size = 1');
  const [unpublished = ''] = await idsAt(1);
  const made = await request(scope, await byId(0));
  expect(await eraseNamedEntries(retention, never), 'no record yet').toBe(0);
  await ingest();
  await scope.query(
    `insert into audit_erasure_entry (organization_id, erasure_id, log_index, entry_id, creation_time)
     select organization_id, $2, -1, id, creation_time from audit_entry where id = $1`,
    [unpublished, made.id],
  );
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([1, 2]);
  expect(await findErasure(scope, made.id)).toMatchObject({ erased: 1, gone: 1, endedAt: expect.any(Date) });
  const forged = randomUUID();
  await scope.query(
    `insert into audit_erasure (organization_id, id, kind, reason, entries, created_at, created_by)
     values ($1, $2, 'entries', 'none', 1, now(), '{"kind":"system","id":null,"address":null,"name":"Signet"}')`,
    [organizationId, forged],
  );
  await scope.query(
    `insert into audit_erasure_entry (organization_id, erasure_id, log_index, entry_id, creation_time)
     select organization_id, $2, log_index, id, creation_time from audit_entry where log_index = $1`,
    [2, forged],
  );
  await asSuperuser(database.url, 'update log_seal set published_size = 3');
  expect(await sweep()).toBe(0);
  expect(await kept()).toEqual([1, 2]);
});

test('an event that was erased does not come back, whatever is sent under its id', async () => {
  const { scope, record, sweep, byId, idsAt } = await open();
  const event = { source: 'other', creationTime: daysAgo(1) };
  await record([event]);
  const [id = ''] = await idsAt(0);
  const [entry] = await readAuditLog(scope, 0, 1);
  const { logIndex: _place, recordedAt: _at, ...again } = entry?.logged?.entry ?? { logIndex: 0, recordedAt: '' };
  await request(scope, await byId(0));
  await sweep();
  for (const change of [{}, { sender: 'mallory@acme.example' }]) {
    const repeat = auditEvent.parse({ ...again, id, ...change });
    expect(await scope.transaction((tx) => appendAuditEvents(tx, [repeat]))).toEqual({ outboxIds: [], duplicates: 1 });
  }
});

test('another organization’s entry is none, and nothing of it is erased', async () => {
  const { database, scope, record, sweep, byId, kept } = await open();
  await record([{}]);
  const foreign = database.forOrganization(randomUUID());
  const named = await byId(0);
  await expect(request(foreign, named)).rejects.toThrow(UnknownEntriesError);
  await expect(previewErasure(foreign, named)).rejects.toThrow(UnknownEntriesError);
  await expect(previewErasure(foreign, { kind: 'address', address: 'bob@example.net' })).rejects.toThrow(UnknownEntriesError);
  await request(scope, named);
  expect(await listErasures(foreign, { limit: 10, below: null })).toEqual({ items: [], next: null });
  expect(await findEntryErasure(foreign, named.kind === 'entries' ? (named.ids[0] ?? '') : '')).toBeNull();
  expect(await sweep()).toBe(1);
  expect(await kept()).toEqual([]);
});

test('the apps can ask for an erasure and not say that it is done; who removes can neither ask for one nor change what was asked', async () => {
  const { database, retention, scope, record, byId } = await open();
  await record([{}]);
  await request(scope, await byId(0));
  for (const [who, forbidden] of [
    [scope, 'update audit_erasure set ended_at = now()'],
    [scope, "update audit_erasure_entry set outcome = 'erased'"],
    [scope, 'delete from audit_erasure'],
    [retention.forOrganization(scope.organizationId), "update audit_erasure set reason = 'another'"],
    [retention.forOrganization(scope.organizationId), 'insert into audit_erasure_entry select * from audit_erasure_entry'],
    [retention.forOrganization(scope.organizationId), 'delete from audit_erasure_entry'],
    [retention.forOrganization(scope.organizationId), 'select content_hash from audit_receipt'],
  ] as const)
    await expect(who.query(forbidden), forbidden).rejects.toThrow(/not available|permission/);
  expect(await database.system.query('select 1 from audit_erasure where ended_at is null')).toHaveLength(1);
});
