import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, signInAs } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll, type Answer } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const headers = api.portalHeaders();
const { admin } = acme;

async function signIn(): Promise<string> {
  const answer = await ask(api, 'POST /v1/sessions', { headers, body: admin });
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body['token']);
}

test('201: a member signs in, acts with the role’s permissions through the portal alone, and signs out for good', async () => {
  const token = await signIn();
  const current = await ask(api, 'GET /v1/sessions/current', { headers, key: token });
  expect(current.body).toMatchObject({
    member: { email: admin.email, role: 'admin', organizationName: 'Acme', organizationId: acme.organizationId },
  });
  expect((await ask(api, 'GET /v1/configuration', { headers, key: token })).body).toMatchObject({ enablePortalTrackingLogs: true });
  expect((await ask(api, 'GET /v1/configuration', { key: token })).status).toBe(401);
  expect((await ask(api, 'GET /v1/sessions/current', { headers, key: acme.apiKey })).status).toBe(401);
  expect((await ask(api, 'DELETE /v1/sessions/current', { headers, key: token })).status).toBe(204);
  const over = await ask(api, 'GET /v1/sessions/current', { headers, key: token });
  expect([over.status, over.body['code']]).toEqual([401, 'unauthenticated']);
  const stored = await api.database.system.query<{ hours: number }>(
    'select extract(epoch from expires_at - created_at)::float8 / 3600 as hours from member_session',
  );
  expect(stored).toEqual([{ hours: 12 }]);
});

test('401: a wrong password and an unknown member answer the same; failed and successful sign-ins are on record', async () => {
  const wrong = await ask(api, 'POST /v1/sessions', { headers, body: { ...admin, password: 'guess' } });
  const unknown = await ask(api, 'POST /v1/sessions', { headers, body: { email: 'nobody@acme.example', password: 'guess' } });
  expect([wrong.status, wrong.body['code']]).toEqual([401, 'wrong_credentials']);
  expect(unknown.text).toBe(wrong.text);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=MemberSignIn', { key: acme.apiKey });
  expect(records.body['items']).toMatchObject([
    { status: 'Failure', reason: 'wrong_credentials', actor: { kind: 'unknown' }, clientIp: '203.0.113.7' },
    { status: 'Success', actor: { kind: 'member', address: admin.email } },
  ]);
});

test('401 without the portal’s secret; 400 names wrong fields and never repeats a value', async () => {
  expect((await ask(api, 'POST /v1/sessions', { body: admin })).status).toBe(401);
  const answer = await ask(api, 'POST /v1/sessions', { headers, body: { password: 'hunter2-hunter2', other: 1 } });
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(['/email', '/other']);
  expect(answer.text).not.toContain('hunter2');
});

test('429: the eleventh failed try within a window waits, right or wrong, and says how long; nothing secret is logged', async () => {
  const email = 'Admin@ACME.example';
  const answers: Answer[] = [];
  // Twice the limit, where a window ends in between.
  while (answers.at(-1)?.status !== 429 && answers.length <= 20) {
    answers.push(await ask(api, 'POST /v1/sessions', { headers, body: { email, password: 'guess' } }));
  }
  expect(answers.at(-1)?.status).toBe(429);
  expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
  // One was tried by the test before.
  expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(9);
  expect((await ask(api, 'POST /v1/sessions', { headers, body: admin })).status).toBe(429);
  const log = api.logLines.join('');
  for (const secret of [admin.password, acme.apiKey, api.settings.PORTAL_SECRET, admin.email]) expect(log).not.toContain(secret);
  expect(log).toContain('"route":"/v1/sessions"');
});

test.each([
  ['a changed password', `update member set password_hash = 'another' where id = $1`],
  ['a disabled member', 'update member set disabled_at = now() where id = $1'],
  [
    'a new passkey',
    `insert into member_passkey (organization_id, id, member_id, credential_id, public_key, counter, transports, name, backed_up, created_at)
     select organization_id, id, id, 'raced', '', 0, '{}', 'Key', false, now() from member where id = $1`,
  ],
])('401: %s that commits while the password is compared counts already: no session, no second step', async (_, change) => {
  const member = await addMember(api, acme.organizationId, `${crypto.randomUUID()}@acme.example`);
  const answer = await api.database.system.transaction(async (tx) => {
    await tx.query('select from member where id = $1 for update', [member.id]);
    await tx.query(change, [member.id]);
    const signingIn = signInAs(api, member, '203.0.113.150');
    await expect
      .poll(
        async () =>
          (
            await api.database.system.query(`select from pg_stat_activity where wait_event_type = 'Lock'
        and datname = current_database() and query like '%for no key update%'`)
          ).length,
        { timeout: 5000 },
      )
      .toBe(1);
    return { signingIn };
  });
  const { status, body } = await answer.signingIn;
  expect([status, body['code']]).toEqual([401, 'wrong_credentials']);
  const left = 'select from member_session where member_id = $1 union all select from member_sign_in_step where member_id = $1';
  expect(await api.database.system.query(left, [member.id])).toHaveLength(1);
});

test('a password is good until its member changes it, however long ago it was chosen', async () => {
  const member = await addMember(api, acme.organizationId, 'long-here@acme.example');
  await api.database.system.query(
    `update member set created_at = now() - interval '20 years', password_changed_at = now() - interval '20 years' where id = $1`,
    [member.id],
  );
  const answer = await signInAs(api, member, '203.0.113.151');
  expect(answer.status, answer.text).toBe(201);
});

test('somebody who guesses a member’s password locks out their own network, and not the member', async () => {
  const globex = await createTestOrganization(api, 'globex');
  const { email } = globex.admin;
  const guess = (visitorIp: string) =>
    ask(api, 'POST /v1/sessions', { headers: api.portalHeaders(visitorIp), body: { email, password: 'guess' } });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => guess(`2001:db8:7:7::${index.toString(16)}`)));
  // Twice the limit, where a window ends in between.
  expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(20);
  const member = await ask(api, 'POST /v1/sessions', { headers: api.portalHeaders('203.0.113.99'), body: globex.admin });
  expect(member.status, member.text).toBe(201);
});

/** Milliseconds until a wrong password is refused. */
async function timeOf(email: string): Promise<number> {
  const begun = performance.now();
  const answer = await ask(api, 'POST /v1/sessions', { headers: api.portalHeaders('203.0.113.50'), body: { email, password: 'guess' } });
  expect(answer.status).toBe(401);
  return performance.now() - begun;
}

test('a refusal takes as long for a member as for nobody, though only the member’s is put on record', async () => {
  for (const email of [admin.email, 'nobody-at-all@acme.example']) expect(await timeOf(email)).toBeGreaterThanOrEqual(245);
});
