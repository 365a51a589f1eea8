import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs, mailsTo, mailedToken, setUpApp, signInAs } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const { organizationId, apiKey: key } = acme;
const admin = await addMember(api, organizationId, 'anna@acme.example');

async function invite(email: string, role = 'auditor') {
  const answer = await askAs(api, admin, 'POST /v1/members', { email, role });
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body['id']);
}

test('201: whoever is invited shows as such, is mailed a link, and both are on record without the link', async () => {
  const answer = await askAs(api, admin, 'POST /v1/members', { email: 'Bob@Acme.example', role: 'auditor' });
  expect(answer.body).toMatchObject({ email: 'bob@acme.example', role: 'auditor', state: 'invited', lastSignInAt: null });
  const days = (Date.parse(String(answer.body['invitationExpiresAt'])) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.99);
  expect(days).toBeLessThan(7.01);
  const id = String(answer.body['id']);
  expect(await mailsTo(api, id)).toEqual(['invitation']);
  const token = await mailedToken(api, organizationId, id);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=MemberInvite', { key });
  expect(records.body['items']).toMatchObject([
    { actor: { address: admin.email }, target: { id }, after: { email: 'bob@acme.example', role: 'auditor' } },
  ]);
  expect(records.text).not.toContain(token);
  const stored = JSON.stringify(await api.database.system.query('select * from member_link, outbox'));
  expect(stored).not.toContain(token);
  expect(api.logLines.join('')).not.toContain(token);
});

test('400 names what is no address, and an address of a domain that is not the organization’s', async () => {
  for (const email of ['not an address', 'eve@globex.example', 'eve@acme.example.evil.example', 'a@acme.example, b@acme.example']) {
    const answer = await askAs(api, admin, 'POST /v1/members', { email, role: 'auditor' });
    expect([answer.status, (answer.body['errors'] as { pointer: string }[])[0]?.pointer], email).toEqual([400, '/email']);
  }
  const answer = await askAs(api, admin, 'POST /v1/members', { email: 'x@acme.example', role: 'owner', more: 1 });
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(['/role', '/more']);
});

test('403: nobody gives a role that may more than they may, and the attempt is on record', async () => {
  const { body } = await ask(api, 'POST /v1/api-keys', {
    key,
    body: { name: 'members', scopes: ['members:write', 'messages:read', 'messages:resend'] },
  });
  const limited = String(body['secret']);
  expect((await ask(api, 'POST /v1/members', { key: limited, body: { email: 'h@acme.example', role: 'helpdesk' } })).status).toBe(201);
  const refused = await ask(api, 'POST /v1/members', { key: limited, body: { email: 'i@acme.example', role: 'admin' } });
  expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden']);
  const id = await invite('raise@acme.example', 'helpdesk');
  expect((await ask(api, `PATCH /v1/members/${id}`, { key: limited, body: { role: 'compliance' } })).status).toBe(403);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=MemberInvite&action=MemberChange', { key });
  const failures = (records.body['items'] as { status: string; reason: string }[]).filter(({ status }) => status === 'Failure');
  expect(failures).toMatchObject([{ reason: 'forbidden' }, { reason: 'forbidden' }]);
});

test('409: an address is one member’s; an invitation is sent again only to whoever has not accepted it, and voids the link before', async () => {
  const id = await invite('again@acme.example');
  const first = await mailedToken(api, organizationId, id);
  const again = await askAs(api, admin, 'POST /v1/members', { email: 'AGAIN@acme.example', role: 'admin' });
  expect([again.status, again.body['code']]).toEqual([409, 'member_exists']);
  expect((await askAs(api, admin, `POST /v1/members/${id}/invitation`)).status).toBe(200);
  const second = await mailedToken(api, organizationId, id);
  const look = (token: string) => ask(api, 'POST /v1/invitations/lookup', { headers: api.portalHeaders(), body: { token } });
  expect([(await look(first)).status, (await look(second)).status]).toEqual([410, 200]);
  const active = await askAs(api, admin, `POST /v1/members/${admin.id}/invitation`);
  expect([active.status, active.body['code']]).toEqual([409, 'member_active']);
});

test('200: a changed role counts at once in sessions that are open, with before and after on record', async () => {
  const carl = await addMember(api, organizationId, 'carl@acme.example', 'auditor');
  expect((await askAs(api, carl, 'GET /v1/audit-entries')).status).toBe(200);
  const changed = await askAs(api, admin, `PATCH /v1/members/${carl.id}`, { role: 'helpdesk' });
  expect([changed.status, changed.body['role']]).toEqual([200, 'helpdesk']);
  expect((await askAs(api, carl, 'GET /v1/audit-entries')).status).toBe(403);
  expect((await askAs(api, admin, `PATCH /v1/members/${carl.id}`, { role: 'helpdesk' })).status).toBe(200);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?action=MemberChange&target=${carl.id}`, { key });
  expect(records.body['items']).toMatchObject([{ before: { role: 'auditor' }, after: { role: 'helpdesk' } }]);
});

test('a disabled member’s sessions end at once, and neither password nor link lets them in until they are enabled again', async () => {
  const dora = await addMember(api, organizationId, 'dora@acme.example', 'auditor');
  expect((await askAs(api, admin, `PATCH /v1/members/${dora.id}`, { disabled: true })).body['state']).toBe('disabled');
  expect((await askAs(api, dora, 'GET /v1/sessions/current')).status).toBe(401);
  expect((await signInAs(api, dora, '203.0.113.40')).status).toBe(401);
  const reset = await askAs(api, admin, `POST /v1/members/${dora.id}/password-reset`);
  expect([reset.status, reset.body['code']]).toEqual([409, 'member_disabled']);
  expect((await askAs(api, admin, `PATCH /v1/members/${dora.id}`, { disabled: false })).body['state']).toBe('active');
  expect((await askAs(api, dora, 'GET /v1/sessions/current')).status).toBe(401);
  expect((await signInAs(api, dora, '203.0.113.41')).status).toBe(201);
});

test('204: a removed member is gone with their sessions and factors, what they did stays, and the address can be invited anew', async () => {
  const emil = await addMember(api, organizationId, 'emil@acme.example', 'auditor');
  await setUpApp(api, emil);
  expect((await askAs(api, admin, `DELETE /v1/members/${emil.id}`)).status).toBe(204);
  expect((await askAs(api, emil, 'GET /v1/sessions/current')).status).toBe(401);
  expect((await askAs(api, admin, `DELETE /v1/members/${emil.id}`)).status).toBe(404);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${emil.id}`, { key });
  expect((records.body['items'] as { action: string }[]).map(({ action }) => action)).toEqual(['MemberRemove', 'MemberTotpEnable']);
  await invite('emil@acme.example');
});

test('409: the last active admin is neither removed, demoted nor disabled', async () => {
  const globex = await createTestOrganization(api, 'globex');
  const scope = api.database.forOrganization(globex.organizationId);
  const only = await addMember(api, globex.organizationId, 'admin@globex.example');
  await scope.query(
    `insert into member (organization_id, id, email, role) values ($1, gen_random_uuid(), 'invited@globex.example', 'admin')`,
    [globex.organizationId],
  );
  for (const [request, body] of [
    [`DELETE /v1/members/${only.id}`, undefined],
    [`PATCH /v1/members/${only.id}`, { role: 'auditor' }],
    [`PATCH /v1/members/${only.id}`, { disabled: true }],
  ] as const) {
    const answer = await askAs(api, only, request, body);
    expect([answer.status, answer.body['code']], request).toEqual([409, 'last_admin']);
  }
  expect((await askAs(api, only, `PATCH /v1/members/${only.id}`, { role: 'admin' })).status).toBe(200);
});

test('of admins who take the role from each other at the same time, one stays, ten times over', async () => {
  const globex = await createTestOrganization(api, 'globex');
  const scope = api.database.forOrganization(globex.organizationId);
  for (let round = 0; round < 10; round++) {
    await scope.query(`update member set role = 'auditor' where organization_id = $1`, [globex.organizationId]);
    const one = await addMember(api, globex.organizationId, 'one@globex.example');
    const two = await addMember(api, globex.organizationId, 'two@globex.example');
    const answers = await Promise.all([
      askAs(api, one, `PATCH /v1/members/${two.id}`, { role: 'auditor' }),
      askAs(api, two, `DELETE /v1/members/${one.id}`),
      askAs(api, one, `PATCH /v1/members/${one.id}`, { disabled: true }),
      askAs(api, two, `PATCH /v1/members/${two.id}`, { role: 'helpdesk' }),
    ]);
    const admins = await scope.query(`select from member where organization_id = $1 and role = 'admin' and disabled_at is null`, [
      globex.organizationId,
    ]);
    expect(admins, answers.map(({ status }) => status).join()).toHaveLength(1);
  }
});

test('an admin resets all of a member’s second factors: sessions end, the member is told, and the password alone signs in again', async () => {
  const fred = await addMember(api, organizationId, 'fred@acme.example', 'auditor');
  const none = await askAs(api, admin, `POST /v1/members/${fred.id}/second-factor-reset`);
  expect([none.status, none.body['code']]).toEqual([409, 'second_factor_missing']);
  await setUpApp(api, fred);
  expect((await signInAs(api, fred, '203.0.113.42')).status).toBe(202);
  expect((await askAs(api, admin, `POST /v1/members/${fred.id}/second-factor-reset`)).status).toBe(204);
  expect((await askAs(api, fred, 'GET /v1/sessions/current')).status).toBe(401);
  expect((await signInAs(api, fred, '203.0.113.42')).status).toBe(201);
  expect(await mailsTo(api, fred.id)).toEqual(['authenticator-app-added', 'second-factors-reset']);
});

test('403 for members who may not manage members, with a record; 404 for what is not there', async () => {
  const gina = await addMember(api, organizationId, 'gina@acme.example', 'compliance');
  expect((await askAs(api, gina, 'GET /v1/members')).status).toBe(403);
  expect((await askAs(api, gina, `DELETE /v1/members/${admin.id}`)).status).toBe(403);
  const nobody = crypto.randomUUID();
  for (const [request, body] of [
    [`PATCH /v1/members/${nobody}`, { role: 'auditor' }],
    [`POST /v1/members/${nobody}/invitation`, undefined],
    [`POST /v1/members/${nobody}/password-reset`, undefined],
  ] as const) {
    expect((await askAs(api, admin, request, body)).status, request).toBe(404);
  }
  const list = await askAs(api, admin, 'GET /v1/members');
  expect(list.text).not.toMatch(/argon2|password_?hash/i);
});

test('429: nobody is mailed links without end', async () => {
  const id = await invite('often@acme.example');
  const answers = [];
  for (let sent = 0; sent < 11; sent++) answers.push((await askAs(api, admin, `POST /v1/members/${id}/invitation`)).status);
  expect(answers.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
  expect(answers.at(-1)).toBe(429);
});
