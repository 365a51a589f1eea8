import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi({ WEBHOOK_NETWORKS: '10.1.0.0/16' });
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');

const hook = { name: 'Ticket system', url: 'https://hooks.example.net/signet', operations: ['MessageAccess'] };
const create = (body: object = hook, key = acme.apiKey) => ask(api, 'POST /v1/webhooks', { key, body });
const list = async (key = acme.apiKey) => (await ask(api, 'GET /v1/webhooks', { key })).body['items'] as Record<string, unknown>[];

test('a webhook is added, changed, given another secret, tested, replayed and removed, each with its record; its secrets are shown once', async () => {
  await submitMail(api, acme, { messageId: '<a@acme.example>' }, ['bob@example.net']);
  await ingestAll(api);
  const made = await create();
  const size = Number(made.body['nextIndex']);
  expect([made.status, made.body]).toEqual([
    201,
    expect.objectContaining({ ...hook, enabled: true, failure: null, secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) }),
  ]);
  expect(size).toBeGreaterThan(0);
  const at = `/v1/webhooks/${String(made.body['id'])}` as const;
  const key = acme.apiKey;
  const rotated = await ask(api, `POST ${at}/secret-rotation`, { key });
  expect(rotated.body['secret']).not.toBe(made.body['secret']);
  expect(rotated.body['formerSecretUntil']).toEqual(expect.any(String));
  const tested = await ask(api, `POST ${at}/test`, { key });
  expect(tested.status).toBe(202);
  expect((await ask(api, `POST ${at}/replay`, { key, body: { index: 0 } })).body).toMatchObject({ nextIndex: 0 });
  expect((await ask(api, `POST ${at}/replay`, { key, body: { from: '2000-01-01T00:00:00Z' } })).body).toMatchObject({ nextIndex: 0 });
  expect((await ask(api, `POST ${at}/replay`, { key, body: { from: '2100-01-01T00:00:00Z' } })).body).toMatchObject({ nextIndex: size });
  for (const body of [{}, { index: 0, from: '2000-01-01T00:00:00Z' }, { index: size + 1 }])
    expect((await ask(api, `POST ${at}/replay`, { key, body })).status).toBe(400);
  const changed = await ask(api, `PATCH ${at}`, { key, body: { enabled: false, operations: null } });
  expect(changed.body).toMatchObject({ enabled: false, operations: null });
  expect((await ask(api, `PATCH ${at}`, { key, body: { enabled: false } })).status).toBe(200);
  expect((await ask(api, `POST ${at}/test`, { key })).body['code']).toBe('webhook_disabled');
  expect((await ask(api, `GET ${at}/deliveries`, { key })).body).toEqual({ items: [] });
  const listed = await list();
  expect(listed).toEqual([changed.body]);
  expect(await list(globex.apiKey)).toEqual([]);
  expect([(await ask(api, `DELETE ${at}`, { key })).status, (await ask(api, `DELETE ${at}`, { key })).status]).toEqual([204, 404]);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records', { key });
  const recorded = (records.body['items'] as { action: string }[]).filter(({ action }) => action.startsWith('Webhook'));
  expect(recorded.map(({ action }) => action)).toEqual([
    'WebhookRemove',
    'WebhookChange',
    'WebhookReplay',
    'WebhookReplay',
    'WebhookReplay',
    'WebhookTest',
    'WebhookSecretRotate',
    'WebhookCreate',
  ]);
  expect(recorded[1]).toMatchObject({ before: { ...hook, enabled: true }, after: { ...hook, operations: null, enabled: false } });
  const rows = await api.database.system.query('select w::text from webhook w');
  for (const text of [records.text, JSON.stringify(listed), JSON.stringify(rows)]) {
    expect(text).not.toContain(String(made.body['secret']).slice(6));
    expect(text).not.toContain(String(rotated.body['secret']).slice(6));
  }
});

test('a key that may change settings and not read the trail cannot have the trail sent anywhere', async () => {
  const body = { name: 'weak', scopes: ['configuration:read', 'configuration:write'] };
  const weak = await ask(api, 'POST /v1/api-keys', { key: acme.apiKey, body });
  expect((await create(hook, String(weak.body['secret']))).status).toBe(403);
});

test('a webhook may get checkpoints besides entries or alone, and no entries only where it gets something else; entries that it gets again are those from then on', async () => {
  const key = acme.apiKey;
  const made = await create({ ...hook, name: 'Notary', operations: [], checkpoints: true });
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ operations: [], checkpoints: true, alerts: false })]);
  const at = `/v1/webhooks/${String(made.body['id'])}` as const;
  const before = Number(made.body['nextIndex']);
  await submitMail(api, acme, { messageId: '<c@acme.example>' }, ['bob@example.net']);
  await ingestAll(api);
  const refused = await ask(api, `PATCH ${at}`, { key, body: { checkpoints: false } });
  expect([refused.status, refused.body['errors']]).toEqual([400, [expect.objectContaining({ pointer: '/operations' })]]);
  const changed = await ask(api, `PATCH ${at}`, { key, body: { name: 'Notary and more', operations: null, checkpoints: false } });
  expect(changed.body).toMatchObject({ name: 'Notary and more', operations: null, checkpoints: false });
  expect(Number(changed.body['nextIndex'])).toBeGreaterThan(before);
  const again = await ask(api, `PATCH ${at}`, { key, body: { checkpoints: true } });
  expect(again.body).toMatchObject({ operations: null, checkpoints: true, nextIndex: changed.body['nextIndex'] });
  expect((await ask(api, `DELETE ${at}`, { key })).status).toBe(204);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${String(made.body['id'])}`, { key });
  expect((records.body['items'] as unknown[])[2]).toMatchObject({
    before: { operations: [], checkpoints: true },
    after: { operations: null, checkpoints: false },
  });
});

test('an organization has ten at most', async () => {
  for (let count = 0; count < 10; count += 1) expect((await create(hook, globex.apiKey)).status).toBe(201);
  expect((await create(hook, globex.apiKey)).body['code']).toBe('too_many');
});

test.each([
  [{ url: 'http://hooks.example.net.' + '/x'.repeat(1_000) }, '/url'],
  [{ url: 'http://192.0.2.1/' }, '/url'],
  [{ url: 'https://10.2.0.1/' }, '/url'],
  [{ url: 'https://127.0.0.1/' }, '/url'],
  [{ url: 'https://[::ffff:169.254.169.254]/' }, '/url'],
  [{ url: 'https://user:password@hooks.example.net/' }, '/url'],
  [{ operations: ['Nothing'] }, '/operations/0'],
  [{ operations: [] }, '/operations'],
  [{ name: '' }, '/name'],
])('400 that names the field: %j', async (wrong, pointer) => {
  const { status, body } = await create({ ...hook, ...wrong });
  expect([status, (body['errors'] as { pointer: string }[]).map((each) => each.pointer)]).toEqual([400, [pointer]]);
});

test('a network that the operator names is taken, in clear too', async () => {
  expect((await create({ ...hook, url: 'http://10.1.2.3:8080/hook' })).status).toBe(201);
});

test('a token in a URL stands in no record, and that it was changed does', async () => {
  const made = await create({ ...hook, name: 'With a token', url: 'https://hooks.example.net/in?token=s3cr3t-one' });
  const at = `/v1/webhooks/${String(made.body['id'])}` as const;
  const { apiKey: key } = acme;
  const changed = await ask(api, `PATCH ${at}`, { key, body: { url: 'https://hooks.example.net/in?token=s3cr3t-two' } });
  expect([changed.status, changed.body['url']]).toEqual([200, 'https://hooks.example.net/in?token=s3cr3t-two']);
  expect((await ask(api, `DELETE ${at}`, { key })).status).toBe(204);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${String(made.body['id'])}`, { key });
  expect(records.text).not.toContain('s3cr3t');
  const url = 'https://hooks.example.net/in?…';
  expect(records.body['items']).toEqual([
    expect.objectContaining({ action: 'WebhookRemove', before: expect.objectContaining({ url }) }),
    expect.objectContaining({
      action: 'WebhookChange',
      before: expect.objectContaining({ url }),
      after: expect.objectContaining({ url, queryChanged: true }),
    }),
    expect.objectContaining({ action: 'WebhookCreate', after: expect.objectContaining({ url }) }),
  ]);
});

test('an organization can have only so many tests sent in a while, and another one has its own', async () => {
  const made = await create({ ...hook, name: 'Tested' });
  const request = `POST /v1/webhooks/${String(made.body['id'])}/test` as const;
  await api.database.system.query(
    `insert into rate_limit (bucket, window_start, count)
     select 'webhook-test:organization:' || $1, to_timestamp((floor(extract(epoch from clock_timestamp()) / 900) + more) * 900), 60
     from generate_series(0, 1) as more on conflict (bucket, window_start) do update set count = 60`,
    [acme.organizationId],
  );
  const refused = await ask(api, request, { key: acme.apiKey });
  expect([refused.status, refused.body['code']]).toEqual([429, 'too_many_requests']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const [other] = await list(globex.apiKey);
  expect((await ask(api, `POST /v1/webhooks/${String(other?.['id'])}/test`, { key: globex.apiKey })).status).toBe(202);
});
