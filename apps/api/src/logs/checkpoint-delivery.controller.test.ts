import { setMember } from '@signet/db/organization';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const at = '/v1/checkpoint-delivery';
const key = acme.apiKey;

test('checkpoints leave once a day to the admins, where nobody said otherwise, the first time a day after the organization was made', async () => {
  const { status, body } = await ask(api, `GET ${at}`, { key });
  expect([status, body]).toEqual([200, { everyHours: 24, toAdmins: true, addresses: [], nextAt: expect.any(String), last: null }]);
  const [row] = await api.database.system.query<{ made: Date }>('select created_at as made from organization where id = $1', [
    acme.organizationId,
  ]);
  expect(Date.parse(String(body['nextAt'])) - (row?.made.getTime() ?? 0)).toBe(86_400_000);
});

test('how often and to whom is changed, on record once, and nothing of it is another organization’s', async () => {
  const wanted = { everyHours: 6, toAdmins: false, addresses: ['ciso@acme.example', 'ciso@acme.example', 'bob@acme.example'] };
  const kept = { ...wanted, addresses: ['ciso@acme.example', 'bob@acme.example'] };
  for (let time = 0; time < 2; time += 1) expect((await ask(api, `PUT ${at}`, { key, body: wanted })).body).toMatchObject(kept);
  expect((await ask(api, `GET ${at}`, { key: globex.apiKey })).body).toMatchObject({ everyHours: 24, toAdmins: true, addresses: [] });
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records', { key });
  const recorded = (records.body['items'] as { action: string }[]).filter(({ action }) => action === 'CheckpointDeliveryChange');
  expect(recorded).toMatchObject([{ before: { everyHours: 24, toAdmins: true, addresses: [] }, after: kept }]);
});

test('strangers get them once a day at most, and the error names each of them and what mends it', async () => {
  await api.database
    .forOrganization(globex.organizationId)
    .administer((tx) => setMember(tx, { email: 'Gil@globex.example', role: 'admin', passwordHash: 'none' }));
  const addresses = ['gil@GLOBEX.example', 'notary@example.net', 'eve@acme.example'];
  const put = (body: object) => ask(api, `PUT ${at}`, { key: globex.apiKey, body: { everyHours: 23, toAdmins: true, addresses, ...body } });
  const { status, body } = await put({});
  const detail = expect.stringMatching(/once a day at most: let them leave every 24 hours/);
  expect([status, body['errors']]).toEqual([400, [1, 2].map((index) => ({ pointer: `/addresses/${index}`, detail }))]);
  expect((await ask(api, `GET ${at}`, { key: globex.apiKey })).body).toMatchObject({ everyHours: 24, addresses: [] });
  expect((await put({ everyHours: 24 })).body).toMatchObject({ everyHours: 24, addresses });
  // Nor by the way of naming them first.
  expect((await put({})).status).toBe(400);
  expect((await put({ addresses: addresses.slice(0, 1) })).body).toMatchObject({ everyHours: 23, addresses: addresses.slice(0, 1) });
});

test.each([
  [{ everyHours: 0 }, '/everyHours'],
  [{ everyHours: 25 }, '/everyHours'],
  [{ everyHours: 1.5 }, '/everyHours'],
  [{ addresses: ['nobody'] }, '/addresses/0'],
  [{ addresses: ['a@example.net\r\nBcc: b@example.net'] }, '/addresses/0'],
  [{ addresses: Array.from({ length: 21 }, (_, index) => `a${index}@example.net`) }, '/addresses'],
])('400 that names the field: %j', async (wrong, pointer) => {
  const { status, body } = await ask(api, `PUT ${at}`, { key, body: { everyHours: 24, toAdmins: true, addresses: [], ...wrong } });
  expect([status, (body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([400, pointer]);
});
