import { eraseNamedEntries } from '@signet/db/erasure-sweep';
import { Database } from '@signet/db/database';
import { asSuperuser, retentionUrl } from '@signet/db/testing/test-database';
import { expect, onTestFinished, test } from 'vitest';
import { sealLogs } from '../testing/seal-logs.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;

const workerSeen = () =>
  asSuperuser(api.settings.DATABASE_URL, "insert into retention_worker (name, seen_at) values ('retention', now()) on conflict do nothing");
const erase = (body: object, as = key) => ask(api, 'POST /v1/audit-erasures', { key: as, body: { reason: 'Case 7', ...body } });
const preview = (body: object, as = key) => ask(api, 'POST /v1/audit-erasures/preview', { key: as, body });
const keyWith = async (...scopes: string[]) =>
  String((await ask(api, 'POST /v1/api-keys', { key, body: { name: scopes.join(), scopes } })).body['secret']);

/** Sends a mail. @returns its id, and the ids of its entries. */
async function mail(recipients: readonly string[]): Promise<{ id: string; entries: string[] }> {
  const id = await submitMail(api, acme, { messageId: `<${crypto.randomUUID()}@acme.example>` }, [...recipients]);
  await ingestAll(api);
  const { body } = await ask(api, `GET /v1/audit-entries?messageId=${id}`, { key });
  return { id, entries: (body['items'] as { id: string }[]).map((entry) => entry.id) };
}

/** Seals the log, and erases as the worker does. */
async function carryOut(): Promise<number> {
  await ingestAll(api);
  await sealLogs(api, acme.organizationId);
  const retention = new Database({ url: retentionUrl(api.settings.DATABASE_URL), applicationName: 'signet-api-test-retention' });
  onTestFinished(() => retention.close());
  const count = await eraseNamedEntries(retention, new AbortController().signal);
  await ingestAll(api);
  return count;
}

async function acts(action: string) {
  await ingestAll(api);
  const { body } = await ask(api, `GET /v1/admin-records?action=${action}`, { key });
  return body['items'] as { status: string; after: Record<string, unknown>; reason: string | null; id: string; actor: object }[];
}

test('409: an erasure that no worker would carry out is refused, and nothing of it stays', async () => {
  const { entries } = await mail(['bob@example.net']);
  expect((await erase({ entries })).body['code']).toBe('retention_unavailable');
  expect((await ask(api, 'GET /v1/audit-erasures', { key })).body).toEqual({ items: [], nextCursor: null });
});

test('202: entries that are named are erased; their pages, their proofs, the feed and the export say so, with who, why and where', async () => {
  await workerSeen();
  const { id, entries } = await mail(['carol@example.net']);
  const [entry = ''] = entries;
  expect((await preview({ entries })).body).toMatchObject({
    entries: entries.length,
    held: 0,
    already: 0,
    more: false,
    messageCount: 1,
    messages: [{ messageUid: id, entries: entries.length }],
    holds: [],
  });
  const made = await erase({ entries: [entry] });
  expect([made.status, made.body]).toEqual([202, expect.objectContaining({ kind: 'entries', entries: 1, erased: 0, endedAt: null })]);
  expect((await ask(api, `GET /v1/audit-entries/${entry}/erasure`, { key })).body).toMatchObject({ outcome: 'waiting', record: null });
  expect((await ask(api, `GET /v1/audit-entries/${entry}`, { key })).status).toBe(200);
  expect(await carryOut()).toBe(1);
  const at = `/v1/audit-erasures/${String(made.body['id'])}` as const;
  expect((await ask(api, `GET ${at}`, { key })).body).toMatchObject({ erased: 1, endedAt: expect.any(String) });
  const left = (await ask(api, `GET /v1/audit-entries/${entry}/erasure`, { key })).body;
  expect(left).toMatchObject({ id: entry, outcome: 'erased', erasure: { reason: 'Case 7' }, removedAt: expect.any(String) });
  for (const path of ['', '/proof'] as const) {
    const gone = await ask(api, `GET /v1/audit-entries/${entry}${path}`, { key });
    expect([gone.status, gone.body['code']]).toEqual([410, 'entry_erased']);
    expect(gone.body['detail']).toContain('Case 7');
    expect(gone.body['detail']).toContain(String(left['record']));
  }
  const record = (await acts('AuditRemove'))[0];
  expect(record).toMatchObject({ id: left['record'], reason: 'Case 7', after: { cause: 'erasure', places: String(left['logIndex']) } });
  const about = (await ask(api, `GET /v1/admin-records?target=${String(made.body['id'])}`, { key })).body['items'] as { action: string }[];
  expect(about.map(({ action }) => action)).toEqual(['AuditRemove', 'AuditErase']);
  for (const path of ['feed', 'export'] as const) {
    const { text } = await ask(api, `GET /v1/audit-entries/${path}`, { key });
    const line = text.split('\n').find((each) => each.includes(`"logIndex":${String(left['logIndex'])},`));
    expect(JSON.parse(line ?? '{}')).toEqual({
      erased: true,
      hash: left['hash'],
      logIndex: left['logIndex'],
      removal: { at: left['removedAt'], cause: 'erasure', record: left['record'] },
    });
  }
  // What was erased is on record as what is missing: nobody is told that nothing happened.
  const { body } = await ask(api, `GET /v1/audit-entries?messageId=${id}`, { key });
  expect((body['items'] as object[]).length).toBe(entries.length - 1);
});

test('202: all entries of an address so far; the answer, the list and the records name no address', async () => {
  await mail(['dan@example.net']);
  await mail(['dan@example.net', 'eva@example.net']);
  const counted = (await preview({ address: 'DAN@example.net' })).body;
  expect(counted).toMatchObject({ messageCount: 2, held: 0 });
  const made = await erase({ address: 'Dan@example.net' });
  expect(made.body).toMatchObject({ kind: 'address', entries: counted['entries'] });
  expect((await erase({ address: 'dan@example.net' })).body['code'], 'it waits already').toBe('entry_erased');
  expect((await preview({ address: 'dan@example.net' })).body).toMatchObject({ entries: 0, already: counted['entries'] });
  expect(await carryOut()).toBe(counted['entries']);
  expect((await ask(api, 'GET /v1/audit-entries?recipient=dan@example.net', { key })).body['items']).toEqual([]);
  expect((await erase({ address: 'dan@example.net' })).status).toBe(404);
  const told = [await acts('AuditErase'), await acts('AuditRemove'), (await ask(api, 'GET /v1/audit-erasures', { key })).body];
  expect(JSON.stringify(told)).not.toMatch(/dan@/i);
});

test('409: what a legal hold keeps is not erased, the answer names the hold, and what is not held is erased where that is asked for', async () => {
  const [held, free] = [await mail(['held@example.net']), await mail(['free@example.net'])];
  const hold = await ask(api, 'POST /v1/legal-holds', { key, body: { kind: 'message', message: held.id, reason: 'Acme ./. Globex' } });
  const entries = [...held.entries, ...free.entries];
  const refused = await erase({ entries });
  expect([refused.status, refused.body['code']]).toEqual([409, 'entry_held']);
  for (const words of ['Acme ./. Globex', String(hold.body['id'])]) expect(refused.body['detail']).toContain(words);
  expect((await preview({ entries })).body).toMatchObject({
    entries: free.entries.length,
    held: held.entries.length,
    holds: [{ id: hold.body['id'], reason: 'Acme ./. Globex' }],
  });
  expect((await erase({ entries, leaveHeld: true })).body).toMatchObject({ entries: free.entries.length });
  expect(await carryOut()).toBe(free.entries.length);
  expect((await ask(api, `GET /v1/audit-entries/${held.entries[0] ?? ''}`, { key })).status).toBe(200);
});

test('410 for what is erased or will be; 404 for what is not there, and for another organization’s entry, which stays', async () => {
  const { entries } = await mail(['again@example.net']);
  expect((await erase({ entries })).status).toBe(202);
  expect((await erase({ entries })).body['code']).toBe('entry_erased');
  await carryOut();
  expect((await erase({ entries })).body['code']).toBe('entry_erased');
  const foreign = await mail(['foreign@example.net']);
  for (const body of [{ entries: [crypto.randomUUID()] }, { entries: foreign.entries }, { address: 'foreign@example.net' }])
    for (const answer of [await erase(body, globex.apiKey), await preview(body, globex.apiKey)]) expect(answer.status).toBe(404);
  expect((await ask(api, 'GET /v1/audit-erasures', { key: globex.apiKey })).body).toEqual({ items: [], nextCursor: null });
  expect(await carryOut()).toBe(0);
});

test('erasures are listed newest first and page by page; another organization’s cursor leads nowhere', async () => {
  const made: unknown[] = [];
  for (const name of ['first', 'second', 'third']) {
    const { entries } = await mail([`${name}@example.net`]);
    made.unshift((await erase({ entries })).body['id']);
  }
  const list = async (query: string) => (await ask(api, `GET /v1/audit-erasures?${query}`, { key })).body;
  const all = (await list('limit=500'))['items'] as { id: string }[];
  expect(all.slice(0, 3).map(({ id }) => id)).toEqual(made);
  const newest = await list('limit=2');
  expect(newest['items']).toEqual(all.slice(0, 2));
  expect(await list(`limit=500&cursor=${String(newest['nextCursor'])}`)).toEqual({ items: all.slice(2), nextCursor: null });
  const foreign = await ask(api, `GET /v1/audit-erasures?cursor=${String(newest['nextCursor'])}`, { key: globex.apiKey });
  expect([foreign.status, foreign.body['errors']]).toEqual([400, [{ pointer: '/cursor', detail: 'is not a cursor of this search' }]]);
  await carryOut();
});

test('400 for nothing, for both, for too many and without a reason; 401; 403 for who reads the trail and may erase nothing, on record', async () => {
  const [id, many] = [crypto.randomUUID(), Array.from({ length: 1_001 }, () => crypto.randomUUID())];
  for (const body of [{}, { entries: [] }, { entries: [id], address: 'bob@example.net' }, { entries: many }, { entries: ['a'] }])
    expect((await erase(body)).status, JSON.stringify(body).slice(0, 80)).toBe(400);
  expect((await erase({ entries: [id], reason: ' ' })).status).toBe(400);
  expect((await ask(api, 'POST /v1/audit-erasures', { body: { entries: [id], reason: 'a' } })).status).toBe(401);
  const weak = await keyWith('audit:read', 'holds:write');
  expect((await erase({ entries: [id] }, weak)).status).toBe(403);
  expect((await acts('AuditErase'))[0]).toMatchObject({ status: 'Failure' });
  const [{ entries }, strong] = [await mail(['key@example.net']), await keyWith('audit:erase')];
  expect((await erase({ entries: entries.slice(0, 1) }, strong)).status).toBe(202);
});

test('what is asked for is on record also where it is refused, without the address; who may not read the trail learns neither messages nor why they are held', async () => {
  const [{ id, entries }, blind] = [await mail(['blind@example.net']), await keyWith('audit:erase')];
  const hold = await ask(api, 'POST /v1/legal-holds', { key, body: { kind: 'message', message: id, reason: 'Secret case' } });
  expect((await preview({ address: 'absent@example.net' }, blind)).status).toBe(404);
  expect((await acts('AuditSearch'))[0]).toMatchObject({ status: 'Failure', reason: 'not_found', after: { kind: 'address' } });
  expect((await erase({ address: 'absent@example.net' }, blind)).status).toBe(404);
  expect((await acts('AuditErase'))[0]).toMatchObject({ status: 'Failure', reason: 'not_found', after: { kind: 'address' } });
  const refused = await erase({ entries }, blind);
  expect([refused.body['code'], refused.body['detail']]).toEqual(['entry_held', expect.stringContaining(String(hold.body['id']))]);
  expect(refused.text).not.toContain('Secret case');
  expect((await acts('AuditErase'))[0]).toMatchObject({ status: 'Failure', reason: 'entry_held', after: { kind: 'entries' } });
  const seen = (await preview({ entries }, blind)).body;
  expect(seen).toMatchObject({ held: entries.length, messages: [], holds: [{ id: hold.body['id'], kind: 'message', reason: null }] });
  expect((await preview({ entries })).body).toMatchObject({ holds: [{ reason: 'Secret case' }] });
  expect(JSON.stringify([await acts('AuditSearch'), await acts('AuditErase')])).not.toContain('absent@');
});
