import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');

const create = (body: object, key = acme.apiKey) => ask(api, 'POST /v1/submission-trusts', { key, body: { name: 'Mail system', ...body } });

test('a trust is made, listed without the value it asks for, and revoked, each with its record; a second revocation changes nothing', async () => {
  const requiredHeader = { name: 'X-Tenant', value: 'canary-tenant' };
  const made = await create({ name: ' Exchange ', kind: 'network', value: '40.107.0.0/16', requiredHeader });
  expect([made.status, made.body]).toMatchObject([
    201,
    { name: 'Exchange', kind: 'network', value: '40.107.0.0/16', requiredHeader: 'x-tenant', lastUsedAt: null, revokedAt: null },
  ]);
  for (let round = 0; round < 2; round += 1) {
    expect((await ask(api, `DELETE /v1/submission-trusts/${String(made.body['id'])}`, { key: acme.apiKey })).status).toBe(204);
  }
  const listed = await ask(api, 'GET /v1/submission-trusts', { key: acme.apiKey });
  expect(listed.body['items']).toMatchObject([{ id: made.body['id'], createdBy: expect.any(String), revokedAt: expect.any(String) }]);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records', { key: acme.apiKey });
  const said = { name: 'Exchange', kind: 'network', value: '40.107.0.0/16', requiredHeader: 'x-tenant' };
  expect((records.body['items'] as { action: string }[]).filter(({ action }) => action.startsWith('SubmissionTrust'))).toMatchObject([
    { action: 'SubmissionTrustRevoke', before: said, after: null },
    { action: 'SubmissionTrustCreate', before: null, after: said },
  ]);
  expect(made.text + listed.text + records.text).not.toContain('canary-tenant');
});

test('the same is trusted once in an organization under the same condition, in another organization too, and again once it was revoked', async () => {
  const wanted = { kind: 'certificate', value: 'Mail.Protection.Outlook.com' };
  const first = await create(wanted);
  expect([first.status, first.body['value']]).toEqual([201, 'mail.protection.outlook.com']);
  const twice = await create({ ...wanted, name: 'Again' });
  expect([twice.status, twice.body['code']]).toEqual([409, 'trust_exists']);
  const requiredHeader = { name: 'X-Tenant', value: 'one' };
  expect((await create({ ...wanted, requiredHeader })).status).toBe(201);
  expect((await create({ ...wanted, requiredHeader: { ...requiredHeader, name: 'x-tenant' } })).status).toBe(409);
  expect((await create({ ...wanted, requiredHeader: { ...requiredHeader, value: 'two' } })).status).toBe(201);
  expect((await create(wanted, globex.apiKey)).status).toBe(201);
  await ask(api, `DELETE /v1/submission-trusts/${String(first.body['id'])}`, { key: acme.apiKey });
  expect((await create(wanted)).status).toBe(201);
});

test.each([
  ['network', '192.0.2.7/24', /write 192\.0\.2\.0\/24/],
  ['network', '2001:db8:1::1/48', /write 2001:db8:1::\/48/],
  ['network', '0.0.0.0/0', /IPv4 network may be \/8/],
  ['network', '2000::/3', /IPv6 network may be \/32/],
  ['network', '::ffff:192.0.2.0/120', /write it as IPv4/],
  ['network', 'mail.example.com', /must be a network/],
  ['network', '192.0.2.0/33', /must be a network/],
  ['network', "192.0.2.0/24'", /must be a network/],
  ['network', 'everywhere', /must be a network/],
  ['network', 'fe80::1%eth0', /must be a network/],
  ['certificate', '*.protection.outlook.com', /as mail\.protection\.outlook\.com/],
  ['certificate', '40.107.0.0/16', /must be a host name/],
  ['certificate', '0a'.repeat(20), /SHA-256/],
])('400 that says what to write: %s %s', async (kind, value, detail) => {
  const { status, body } = await create({ kind, value });
  expect([status, body['errors']]).toEqual([400, [{ pointer: '/value', detail: expect.stringMatching(detail) }]]);
});

test('one address is a network of its own; a fingerprint has one spelling', async () => {
  const values = [
    await create({ kind: 'network', value: '192.0.2.9' }),
    await create({ kind: 'network', value: '2001:DB8::9' }),
    await create({ kind: 'certificate', value: 'ab'.repeat(32) }),
  ].map(({ body }) => body['value']);
  expect(values).toEqual(['192.0.2.9/32', '2001:db8::9/128', Array<string>(32).fill('AB').join(':')]);
});

test('400 names each field of the header that is wrong', async () => {
  const { status, body } = await create({ kind: 'network', value: '192.0.2.0/24', requiredHeader: { name: 'X Tenant:', value: 'a\r\nb' } });
  expect([status, (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()]).toEqual([
    400,
    ['/requiredHeader/name', '/requiredHeader/value'],
  ]);
});
