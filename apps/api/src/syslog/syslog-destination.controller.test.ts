import { generate } from 'selfsigned';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi({ SYSLOG_NETWORKS: '10.1.0.0/16' });
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');

const siem = { name: 'SIEM', host: 'siem.example.net' };
const create = (body: object = siem, key = acme.apiKey) => ask(api, 'POST /v1/syslog-destinations', { key, body });
const list = async (key = acme.apiKey) =>
  (await ask(api, 'GET /v1/syslog-destinations', { key })).body['items'] as Record<string, unknown>[];
const certify = async () => {
  const made = await generate([{ name: 'commonName', value: 'signet.acme.example' }], { keyType: 'ec', algorithm: 'sha256' });
  return { cert: made.cert, key: made.private };
};
const [client, other] = [await certify(), await certify()];

test('a destination is added, changed, tested, replayed and removed, each with its record; the key of its certificate is nowhere to be seen', async () => {
  await submitMail(api, acme, { messageId: '<a@acme.example>' }, ['bob@example.net']);
  await ingestAll(api);
  const key = acme.apiKey;
  const made = await create({ ...siem, certificateAuthority: other.cert, clientCertificate: client.cert, clientKey: client.key });
  const size = Number(made.body['nextIndex']);
  expect([made.status, made.body]).toEqual([
    201,
    expect.objectContaining({ ...siem, port: 6514, maxMessageBytes: 8192, enabled: true, failure: null, lastTest: null, lastError: null }),
  ]);
  expect(size).toBeGreaterThan(0);
  const at = `/v1/syslog-destinations/${String(made.body['id'])}` as const;
  expect((await ask(api, `POST ${at}/test`, { key })).status).toBe(202);
  expect((await ask(api, `POST ${at}/replay`, { key, body: { index: 0 } })).body).toMatchObject({ nextIndex: 0 });
  expect((await ask(api, `POST ${at}/replay`, { key, body: { from: '2100-01-01T00:00:00Z' } })).body).toMatchObject({ nextIndex: size });
  for (const body of [{}, { index: 0, from: '2000-01-01T00:00:00Z' }, { index: size + 1 }])
    expect((await ask(api, `POST ${at}/replay`, { key, body })).status).toBe(400);
  expect((await ask(api, `PATCH ${at}`, { key, body: { clientCertificate: other.cert } })).status).toBe(400);
  expect((await ask(api, `PATCH ${at}`, { key, body: { clientCertificate: other.cert, clientKey: other.key } })).status).toBe(200);
  const changed = await ask(api, `PATCH ${at}`, { key, body: { enabled: false, clientCertificate: null, port: 10_514 } });
  expect(changed.body).toMatchObject({ enabled: false, clientCertificate: null, port: 10_514 });
  expect((await ask(api, `PATCH ${at}`, { key, body: { enabled: false } })).status).toBe(200);
  expect((await ask(api, `POST ${at}/test`, { key })).body['code']).toBe('syslog_disabled');
  expect(await api.database.system.query('select sealed_client_key from syslog_destination')).toEqual([{ sealed_client_key: null }]);
  expect(await list()).toEqual([changed.body]);
  expect(await list(globex.apiKey)).toEqual([]);
  expect([(await ask(api, `DELETE ${at}`, { key })).status, (await ask(api, `DELETE ${at}`, { key })).status]).toEqual([204, 404]);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records', { key });
  const recorded = (records.body['items'] as { action: string }[]).filter(({ action }) => action.startsWith('Syslog'));
  expect(recorded.map(({ action }) => action.replace('SyslogDestination', ''))).toEqual([
    'Remove',
    'Change',
    'Change',
    'Replay',
    'Replay',
    'Test',
    'Create',
  ]);
  expect(recorded[2]).toMatchObject({ after: { newClientKey: true, clientCertificate: [expect.stringMatching(/^[0-9A-F:]{95}$/)] } });
  expect(records.text + made.text).not.toContain('PRIVATE');
});

test('a key that may change settings and not read the trail cannot have the trail sent anywhere', async () => {
  const body = { name: 'weak', scopes: ['configuration:read', 'configuration:write'] };
  const weak = await ask(api, 'POST /v1/api-keys', { key: acme.apiKey, body });
  expect((await create(siem, String(weak.body['secret']))).status).toBe(403);
});

test('an organization can have only so many tests sent in a while, and another one has its own', async () => {
  const made = await create();
  const request = `POST /v1/syslog-destinations/${String(made.body['id'])}/test` as const;
  await api.database.system.query(
    `insert into rate_limit (bucket, window_start, count)
     select 'syslog-test:organization:' || $1, to_timestamp((floor(extract(epoch from clock_timestamp()) / 900) + more) * 900), 60
     from generate_series(0, 1) as more on conflict (bucket, window_start) do update set count = 60`,
    [acme.organizationId],
  );
  const refused = await ask(api, request, { key: acme.apiKey });
  expect([refused.status, refused.body['code']]).toEqual([429, 'too_many_requests']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const others = `/v1/syslog-destinations/${String((await create(siem, globex.apiKey)).body['id'])}` as const;
  expect((await ask(api, `POST ${others}/test`, { key: globex.apiKey })).status).toBe(202);
  expect((await ask(api, `DELETE ${others}`, { key: globex.apiKey })).status).toBe(204);
});

test('an organization has five at most', async () => {
  for (let count = 0; count < 5; count += 1) expect((await create(siem, globex.apiKey)).status).toBe(201);
  expect((await create(siem, globex.apiKey)).body['code']).toBe('too_many');
});

test.each([
  [{ host: '10.2.0.1' }, '/host'],
  [{ host: '127.0.0.1' }, '/host'],
  [{ host: '::ffff:169.254.169.254' }, '/host'],
  [{ host: 'siem.example.net:6514' }, '/host'],
  [{ port: 0 }, '/port'],
  [{ maxMessageBytes: 2_047 }, '/maxMessageBytes'],
  [{ certificateAuthority: 'nothing' }, '/certificateAuthority'],
  [{ certificateAuthority: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, '/certificateAuthority'],
  [{ clientCertificate: client.cert }, '/clientKey'],
  [{ clientCertificate: client.cert, clientKey: other.key }, '/clientKey'],
  [{ clientKey: client.key }, '/clientCertificate'],
  [{ name: '' }, '/name'],
])('400 that names the field: %j', async (wrong, pointer) => {
  const { status, body } = await create({ ...siem, ...wrong });
  expect([status, (body['errors'] as { pointer: string }[]).map((each) => each.pointer)]).toEqual([400, [pointer]]);
});

test('a network that the operator names is taken', async () => {
  expect((await create({ ...siem, host: '10.1.2.3' })).status).toBe(201);
});
