import { asSuperuser } from '@signet/db/testing/test-database';
import { eraseExpired } from '@signet/db/expiry-erasure';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;

/** As a worker does that may remove entries, whenever it looks. */
const worker = () =>
  asSuperuser(api.settings.DATABASE_URL, "insert into retention_worker (name, seen_at) values ('retention', now()) on conflict do nothing");
const set = (body: object, as = key) => ask(api, 'PUT /v1/retention', { key: as, body });
const read = async (as = key) => (await ask(api, 'GET /v1/retention', { key: as })).body;
const hold = (body: object, as = key) => ask(api, 'POST /v1/legal-holds', { key: as, body: { reason: 'Case 7', ...body } });
const holds = async (as = key) => (await ask(api, 'GET /v1/legal-holds', { key: as })).body['items'] as Record<string, unknown>[];

/** Acts on record with this action, the newest first. */
async function acts(action: string) {
  await ingestAll(api);
  const { body } = await ask(api, `GET /v1/admin-records?action=${action}`, { key });
  return body['items'] as { status: string; before: unknown; after: Record<string, unknown>; reason: string | null }[];
}

test('409: a policy that no worker would carry out is refused; to keep everything needs none', async () => {
  expect(await read()).toEqual({
    days: null,
    operations: {},
    carriedOut: false,
    sweptAt: null,
    removed: { entries: 0, lastAt: null },
  });
  expect((await set({ days: 365 })).body['code']).toBe('retention_unavailable');
  expect((await set({ days: null })).status).toBe(200);
  expect(await read()).toMatchObject({ days: null });
});

test('200: a policy is set, read and on record, the same again is none; another organization keeps its own', async () => {
  await worker();
  const policy = { days: 365, operations: { LinkTouch: 30, MessageRevoke: null } };
  expect((await set(policy)).body).toMatchObject({ ...policy, carriedOut: true, sweptAt: null });
  expect((await set({ days: 365, operations: { MessageRevoke: null, LinkTouch: 30 } })).status).toBe(200);
  expect(await read()).toMatchObject(policy);
  expect(await read(globex.apiKey)).toMatchObject({ days: null, operations: {} });
  expect((await acts('RetentionChange')).map(({ before, after }) => [before, after])).toEqual([[{ days: null, operations: {} }, policy]]);
  await set({ days: null, operations: {} });
});

test('400 names what is wrong with a policy, by its operation too; 401; 403, on record', async () => {
  const wrong = await set({ days: 6, operations: { LinkTouch: 40_000, Nothing: 30 }, more: 1 });
  expect((wrong.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(
    expect.arrayContaining(['/days', '/operations/LinkTouch']),
  );
  expect((await ask(api, 'PUT /v1/retention', { body: { days: 30 } })).status).toBe(401);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'reads', scopes: ['configuration:read', 'audit:read'] } });
  expect((await set({ days: 30 }, String(weak.body['secret']))).status).toBe(403);
  expect((await hold({ kind: 'organization' }, String(weak.body['secret']))).status).toBe(403);
  expect((await acts('RetentionChange'))[0]).toMatchObject({ status: 'Failure' });
  expect((await acts('LegalHoldCreate'))[0]).toMatchObject({ status: 'Failure' });
});

test('200: a preview says how many entries a policy would remove, how many are held, and changes nothing', async () => {
  const id = await submitMail(api, acme, { messageId: '<old@acme.example>' }, ['bob@example.net', 'carol@example.net']);
  await ingestAll(api);
  const old = `update audit_entry set creation_time = creation_time - interval '400 days', recorded_at = recorded_at - interval '400 days'
    where message_uid = '${id}'`;
  await asSuperuser(api.settings.DATABASE_URL, old);
  const preview = (body: object) => ask(api, 'POST /v1/retention/preview', { key, body });
  const [{ body: all }, { body: none }] = [await preview({ days: 365 }), await preview({ days: 730 })];
  expect(all).toMatchObject({ held: 0, more: false, oldest: expect.any(String) });
  expect(all['entries']).toBeGreaterThan(0);
  expect(none).toEqual({ entries: 0, held: 0, more: false, oldest: null, operations: [] });
  const made = await hold({ kind: 'message', message: '<old@acme.example>' });
  expect(made.status).toBe(201);
  expect((await preview({ days: 365 })).body).toMatchObject({ entries: 0, held: all['entries'] });
  await ask(api, `POST /v1/legal-holds/${String(made.body['id'])}/release`, { key, body: { reason: 'closed' } });
  expect((await preview({ days: 365 })).body).toMatchObject({ entries: all['entries'], held: 0 });
});

test('a hold is made, changed and released once, each on record; a held message says so in its trail; others do not see it', async () => {
  const id = await submitMail(api, acme, { messageId: '<held@acme.example>' });
  const made = await hold({ kind: 'message', message: id });
  expect([made.status, made.body]).toEqual([
    201,
    expect.objectContaining({ kind: 'message', messageUid: id, messageId: '<held@acme.example>', reason: 'Case 7', releasedAt: null }),
  ]);
  const at = `/v1/legal-holds/${String(made.body['id'])}` as const;
  expect((await ask(api, `PATCH ${at}`, { key, body: { reason: 'Case 8' } })).body).toMatchObject({ reason: 'Case 8' });
  const released = await ask(api, `POST ${at}/release`, { key, body: { reason: 'closed' } });
  expect(released.body).toMatchObject({ releaseReason: 'closed', releasedAt: expect.any(String) });
  expect((await ask(api, `POST ${at}/release`, { key, body: { reason: 'again' } })).body).toEqual(released.body);
  expect((await ask(api, `PATCH ${at}`, { key, body: { reason: 'late' } })).status).toBe(404);
  expect((await ask(api, `GET ${at}`, { key })).body).toEqual(released.body);
  expect((await holds()).find((each) => each['id'] === made.body['id'])).toEqual(released.body);
  expect(await holds(globex.apiKey)).toEqual([]);
  expect(await acts('LegalHoldRelease')).toMatchObject([{ reason: 'closed' }, { reason: 'closed' }]);
  expect((await acts('LegalHoldChange'))[0]).toMatchObject({ before: { reason: 'Case 7' }, after: { reason: 'Case 8' } });
  const { body } = await ask(api, `GET /v1/audit-entries?messageId=${id}&operation=ContentHold`, { key });
  expect((body['items'] as { operationProperties: object[] }[]).map((entry) => entry.operationProperties)).toEqual([
    expect.arrayContaining([{ name: 'Reason', value: 'Case 7' }]),
  ]);
});

test('400 for a hold of nothing, of two things, of a span that ends before it begins, or of a message’s span; 404 for a message that is not there', async () => {
  const span = { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
  for (const body of [
    { kind: 'message' },
    { kind: 'address' },
    { kind: 'organization', address: 'bob@example.net' },
    { kind: 'organization', ...span },
    { kind: 'message', message: '<held@acme.example>', from: span.from },
    { kind: 'address', address: 'bob' },
    { kind: 'organization', reason: ' ' },
  ])
    expect((await hold(body)).status, JSON.stringify(body)).toBe(400);
  expect((await hold({ kind: 'message', message: '<nothing@acme.example>' })).status).toBe(404);
});

test('content that is held is not erased after its expiry, by its message, its recipient or its time; released, it is; recipients get it in neither case', async () => {
  const { database, settings } = api;
  await ask(api, 'PATCH /v1/configuration', { key, body: { contentAfterExpiry: 'erase', eraseAfterDays: 0 } });
  const ids: string[] = [];
  for (const [index, recipient] of ['eve@example.net', 'dan@example.net', 'eva@example.net', 'free@example.net'].entries())
    ids.push(await submitMail(api, acme, { messageId: `<expired-${index}@acme.example>` }, [recipient]));
  const [byMessage = '', , byTime = '', free = ''] = ids;
  await asSuperuser(
    settings.DATABASE_URL,
    `update message set expires_at = now() - interval '1 day', expiry_booked_for = now() - interval '1 day' where id in ('${ids.join("','")}');
     update message set accepted_at = '2025-01-15' where id = '${byTime}'`,
  );
  const made = [
    await hold({ kind: 'message', message: byMessage }),
    await hold({ kind: 'address', address: 'Dan@Example.net' }),
    await hold({ kind: 'organization', from: '2025-01-01T00:00:00Z', to: '2025-02-01T00:00:00Z' }),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
  const erased = async () =>
    (await database.system.query<{ id: string }>('select id from message where erased_at is not null')).map(({ id }) => id);
  expect(await eraseExpired(database, new AbortController().signal)).toBe(1);
  expect(await erased()).toEqual([free]);
  const [row] = await database.system.query<{ access: boolean }>('select expires_at < now() as access from message where id = $1', [
    byMessage,
  ]);
  expect(row).toEqual({ access: true });
  for (const { body } of made) await ask(api, `POST /v1/legal-holds/${String(body['id'])}/release`, { key, body: { reason: 'closed' } });
  expect(await eraseExpired(database, new AbortController().signal)).toBe(3);
  expect((await erased()).toSorted()).toEqual(ids.toSorted());
});
