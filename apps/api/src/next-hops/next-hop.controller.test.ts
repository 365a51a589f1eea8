import { findNextHop } from '@signet/db/next-hop';
import { beforeEach, expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi({ NEXT_HOP_NETWORKS: '10.1.0.0/16' });
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
beforeEach(() => api.database.system.query('delete from next_hop'));

const relay = { domain: null, host: 'relay.example.net', port: 587, tls: 'required', username: 'acme', password: 'canary-one' };
const create = (body: object = relay, key = acme.apiKey) => ask(api, 'POST /v1/next-hops', { key, body });
const change = (id: unknown, body: object) => ask(api, `PATCH /v1/next-hops/${String(id)}`, { key: acme.apiKey, body });

/** The password as the worker reads it. */
async function passwordOf(domain: string): Promise<string | null> {
  const organizationId = acme.organizationId;
  const hop = await findNextHop(api.database.forOrganization(organizationId), domain);
  if (!hop?.password) return null;
  const { organizationKey, sealed } = hop.password;
  const opened = await api.vault.openSecret(organizationKey, { organizationId, purpose: 'next-hop-password', id: hop.id }, sealed);
  return Buffer.from(opened).toString();
}

test('a next hop is added, listed, changed and removed, each with its record; its password is kept sealed and shown nowhere', async () => {
  const made = await create();
  const { password, ...shown } = relay;
  expect([made.status, made.body]).toEqual([201, { id: expect.any(String), ...shown }]);
  expect(await passwordOf('example.org')).toBe(password);
  const id = made.body['id'];
  const moved = await change(id, { tls: 'implicit', domain: '*.example.org' });
  expect([moved.status, moved.body]).toMatchObject([200, { tls: 'implicit', domain: '*.example.org', username: 'acme' }]);
  expect(await passwordOf('a.example.org')).toBe(password);
  const renewed = await change(id, { password: 'canary-two' });
  expect(await passwordOf('a.example.org')).toBe('canary-two');
  expect((await change(id, { tls: 'implicit' })).status).toBe(200);
  const listed = await ask(api, 'GET /v1/next-hops', { key: acme.apiKey });
  expect(listed.body['items']).toEqual([moved.body]);
  expect((await ask(api, 'GET /v1/next-hops', { key: globex.apiKey })).body['items']).toEqual([]);
  const nobody = await change(id, { username: null });
  expect(await passwordOf('a.example.org')).toBeNull();
  const remove = () => ask(api, `DELETE /v1/next-hops/${String(id)}`, { key: acme.apiKey });
  expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records', { key: acme.apiKey });
  const after = { ...shown, tls: 'implicit', domain: '*.example.org' };
  expect((records.body['items'] as { action: string }[]).filter(({ action }) => action.startsWith('NextHop'))).toMatchObject([
    { action: 'NextHopRemove', before: { ...after, username: null }, after: null },
    { action: 'NextHopChange', before: after, after: { ...after, username: null } },
    { action: 'NextHopChange', before: after, after: { ...after, newPassword: true } },
    { action: 'NextHopChange', before: shown, after },
    { action: 'NextHopCreate', before: null, after: shown },
  ]);
  for (const { text } of [made, moved, renewed, listed, nobody, records]) expect(text).not.toContain('canary');
  const rows = await api.database.system.query('select h::text from next_hop h');
  expect(JSON.stringify(rows)).not.toContain('canary');
});

test('whoever changes where a password goes gives it again', async () => {
  const { body } = await create();
  for (const moved of [{ host: 'evil.example' }, { port: 25 }, { username: 'other' }]) {
    const refused = await change(body['id'], moved);
    expect([refused.status, refused.body['errors']]).toEqual([400, [{ pointer: '/password', detail: expect.stringContaining('again') }]]);
  }
  expect((await change(body['id'], { host: 'RELAY.example.net' })).status).toBe(200);
  expect((await change(body['id'], { host: 'new.example.net', password: 'x' })).body).toMatchObject({ host: 'new.example.net' });
});

test('an organization has one next hop for a domain, and one for all others; another organization may have the same', async () => {
  for (const domain of [null, 'acme.example', '*.acme.example']) {
    expect((await create({ ...relay, domain })).status).toBe(201);
    const twice = await create({ ...relay, domain });
    expect([twice.status, twice.body['code']]).toEqual([409, 'name_taken']);
    expect((await create({ ...relay, domain }, globex.apiKey)).status).toBe(201);
  }
  const { body } = await create({ ...relay, domain: 'b.example' });
  expect((await change(body['id'], { domain: 'acme.example' })).body['code']).toBe('name_taken');
});

test.each([
  [{ host: '127.0.0.1' }, '/host', /NEXT_HOP_NETWORKS/],
  [{ host: '169.254.169.254' }, '/host', /NEXT_HOP_NETWORKS/],
  [{ host: '::ffff:10.2.0.1' }, '/host', /NEXT_HOP_NETWORKS/],
  [{ host: 'smtp://relay.example.net' }, '/host', /host name/],
  [{ host: 'relay.example.net:25' }, '/host', /host name/],
  [{ port: 0 }, '/port', /./],
  [{ port: 65_536 }, '/port', /./],
  [{ tls: 'none' }, '/tls', /./],
  [{ tls: 'opportunistic' }, '/tls', /in clear/],
  [{ domain: 'Acme.example' }, '/domain', /lower case/],
  [{ domain: '*.*.example' }, '/domain', /domain name/],
  [{ domain: '*' }, '/domain', /domain name/],
  [{ username: null }, '/username', /password/],
  [{ password: undefined }, '/password', /user name/],
  [{ password: 'a\r\nb' }, '/password', /line breaks/],
])('400 that names the field: %j', async (wrong, pointer, detail) => {
  const { status, body } = await create({ ...relay, ...wrong });
  expect([status, body['errors']]).toEqual([400, [{ pointer, detail: expect.stringMatching(detail) }]]);
});

test('a network that the operator names is taken', async () => {
  expect((await create({ ...relay, host: '10.1.2.3' })).status).toBe(201);
});
