import { createApiKey } from '@signet/db/api-key';
import { expect, test } from 'vitest';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const { apiKey: key } = acme;

const create = (name: string, scopes: readonly string[] = ['audit:write'], as = key) =>
  ask(api, 'POST /v1/api-keys', { key: as, body: { name, scopes } });
const createByHand = (name: string) =>
  signetCommand(['key', 'create', name, '--scope', 'audit:write'], { SIGNET_API_URL: api.url, SIGNET_API_KEY: key });
const keysNamed = async (name: string) =>
  ((await ask(api, 'GET /v1/api-keys', { key })).body['items'] as { name: string }[]).filter((one) => one.name === name);

test('409 for the name of another key where one of the two adds to the trail, however it is written; the answer says which, and what to do', async () => {
  const first = await create('Mail add-in');
  expect(first.status, first.text).toBe(201);
  for (const [name, scopes] of [
    ['Mail add-in', ['audit:write']],
    ['  MAIL  add-in ', ['messages:read', 'audit:write']],
    ['Ma\u00adil \uff41dd-in', ['audit:write']],
    ['mail add-in', ['messages:read']],
  ] as const) {
    const { status, body } = await create(name, scopes);
    const detail = expect.stringMatching(/^is taken by the API key “Mail add-in” \(sk_.+\): .*choose another name$/);
    expect([name, status, body['code'], body['errors']]).toEqual([name, 409, 'name_taken', [{ pointer: '/name', detail }]]);
  }
  expect((await create('Mail add-in 2')).status).toBe(201);
  // Of a longer name an entry has the beginning.
  expect((await create(`${'x'.repeat(64)} one`)).status).toBe(201);
  expect((await create(`${'x'.repeat(64)} two`)).status).toBe(409);
  expect((await create('Mail add-in', ['audit:write'], globex.apiKey)).status).toBe(201);
  await ingestAll(api);
  const { body } = await ask(api, 'GET /v1/admin-records?action=ApiKeyCreate', { key });
  const made = (body['items'] as { status: string; after: { name: string } | null }[]).map(({ status, after }) => [status, after?.name]);
  expect(made.slice(0, 3).toReversed()).toEqual([
    ['Success', 'Mail add-in'],
    ['Success', 'Mail add-in 2'],
    ['Success', `${'x'.repeat(64)} one`],
  ]);
});

test('201 for two keys of one name that add nothing to the trail; 409 for a third one that would', async () => {
  for (const scopes of [['messages:read'], ['audit:read', 'messages:read']]) expect((await create('Tickets', scopes)).status).toBe(201);
  expect((await create('tickets')).status).toBe(409);
  expect(await keysNamed('Tickets')).toHaveLength(2);
});

test('409: the name of a revoked key stays taken where it added to the trail, and else is free', async () => {
  for (const [name, scope, expected] of [
    ['Portal', 'audit:write', [409, true]],
    ['Reports', 'audit:read', [201, false]],
  ] as const) {
    const { body } = await create(name, [scope]);
    expect((await ask(api, `DELETE /v1/api-keys/${String(body['id'])}`, { key })).status).toBe(204);
    const again = await create(name, ['messages:read']);
    expect([again.status, again.text.includes(', revoked)')], name).toEqual(expected);
  }
});

test('409 for a name that somebody else is just taking: whoever comes second waits for the first', async () => {
  const waiting = () =>
    api.database.system.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
  const second = await api.database.forOrganization(acme.organizationId).administer(async (tx) => {
    const createdBy = { kind: 'system', id: null, address: null, name: 'Signet' } as const;
    const facts = { hint: 'sk_…', secretHash: Buffer.alloc(32, 1), scopes: ['audit:write'], createdBy } as const;
    await createApiKey(tx, { name: 'Branch office', ...facts });
    const answer = create('branch office');
    await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
    return { answer };
  });
  expect((await second.answer).status).toBe(409);
  expect(await keysNamed('Branch office')).toHaveLength(1);
  expect(await keysNamed('branch office')).toEqual([]);
});

test('the command line says at which field, and ends with 1', async () => {
  expect(await createByHand('Branch')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sk_/) });
  expect(await createByHand('branch')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/\(name_taken\)[^]*\/name: is taken by the API key “Branch”/),
  });
});
