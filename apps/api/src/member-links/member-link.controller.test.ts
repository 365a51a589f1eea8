import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs, codeOf, mailedToken, mailsTo, setUpApp, signInAs } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const { organizationId, apiKey: key } = await createTestOrganization(api);
const admin = await addMember(api, organizationId, 'anna@acme.example');
const password = 'quiet harbour 7 lanterns';

let visitors = 0;
const post = (path: `/${string}`, body: object) =>
  ask(api, `POST ${path}`, { headers: api.portalHeaders(`198.51.100.${++visitors}`), body });

async function invited(email: string) {
  const { body } = await askAs(api, admin, 'POST /v1/members', { email, role: 'auditor' });
  const id = String(body['id']);
  return { id, email, token: await mailedToken(api, organizationId, id) };
}

async function resetLink(memberId: string): Promise<string> {
  expect((await askAs(api, admin, `POST /v1/members/${memberId}/password-reset`)).status).toBe(204);
  return mailedToken(api, organizationId, memberId);
}

test('an invitation: looking changes nothing, accepting signs in with the chosen password, and the link is void from then on', async () => {
  const bob = await invited('bob@acme.example');
  for (let looks = 0; looks < 3; looks++) {
    const seen = await post('/v1/invitations/lookup', { token: bob.token });
    expect(seen.body).toEqual({
      organizationName: 'Acme',
      email: bob.email,
      role: 'auditor',
      expiresAt: expect.any(String) as unknown,
    });
  }
  expect((await signInAs(api, { email: bob.email, password })).status).toBe(401);
  const accepted = await post('/v1/invitations/acceptance', { token: bob.token, password });
  expect(accepted.status, accepted.text).toBe(201);
  expect((await askAs(api, { token: String(accepted.body['token']) }, 'GET /v1/messages')).status).toBe(200);
  expect((await signInAs(api, { email: bob.email, password })).status).toBe(201);
  for (const path of ['lookup', 'acceptance'] as const) {
    const again = await post(`/v1/invitations/${path}`, { token: bob.token, ...(path === 'lookup' ? {} : { password }) });
    expect([again.status, again.body['code']]).toEqual([410, 'link_void']);
  }
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?action=MemberInvitationAccept&target=${bob.id}`, { key });
  expect(records.body['items']).toMatchObject([{ actor: { kind: 'member', address: bob.email } }]);
  expect(records.text + api.logLines.join('')).not.toContain(bob.token);
});

test('of 50 who accept one invitation at the same time, one does', async () => {
  const many = await invited('many@acme.example');
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => post('/v1/invitations/acceptance', { token: many.token, password: `${password} ${index}` })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 410)).toHaveLength(49);
});

test.each([
  ['too short', 'Sh0rt!pwd', 'at least 10'],
  ['common', 'password123', 'guessed first'],
  ['common within digits', '2026!sunshine!2026', 'guessed first'],
  ['the organization’s name and the address', 'Acme-Carl-Acme-1', 'belong to'],
  ['one character over and over', 'aaaaaaaaaaaaaaaa', 'guessed first|too few'],
])('400: a password that is %s is refused at its field, and the link stays good', async (_, weak, why) => {
  const carl = await invited(`carl.${crypto.randomUUID().slice(0, 8)}@acme.example`);
  const answer = await post('/v1/invitations/acceptance', { token: carl.token, password: weak });
  expect([answer.status, (answer.body['errors'] as object[])[0]]).toMatchObject([400, { pointer: '/password' }]);
  expect(answer.text).toMatch(new RegExp(why));
  expect(answer.text).not.toContain(weak);
  expect((await post('/v1/invitations/lookup', { token: carl.token })).status).toBe(200);
});

test.each([
  ['small letters alone', 'abandon canyon velvet'],
  ['any characters', 'пароль 鍵 🔑 ключ слово'],
  ['blanks at its ends', '  between two blanks  '],
  ['256 characters', 'long '.repeat(60).slice(0, 256)],
])('a password of %s is taken as it is, and compared whole', async (_, chosen) => {
  const dora = await invited(`${crypto.randomUUID()}@acme.example`);
  expect((await post('/v1/invitations/acceptance', { token: dora.token, password: chosen })).status).toBe(201);
  expect((await signInAs(api, { email: dora.email, password: chosen })).status).toBe(201);
  const others = [`${chosen} `, chosen.trim(), chosen.slice(0, -1), chosen.toUpperCase()].filter((other) => other !== chosen);
  for (const other of others) expect((await signInAs(api, { email: dora.email, password: other })).status).toBe(401);
});

test('410: an expired invitation, another kind’s link, and none at all answer the same', async () => {
  const emil = await invited('emil@acme.example');
  await api.database.system.query(`update member_link set expires_at = clock_timestamp() - interval '1 second' where member_id = $1`, [
    emil.id,
  ]);
  const expired = await post('/v1/invitations/lookup', { token: emil.token });
  const none = await post('/v1/invitations/lookup', { token: 'x'.repeat(43) });
  const other = await post('/v1/invitations/lookup', { token: await resetLink(admin.id) });
  expect([expired.status, expired.text, other.text]).toEqual([410, none.text, none.text]);
});

test('a password reset ends all sessions, asks for the second factor as before, works once, and is told', async () => {
  const fritz = await addMember(api, organizationId, 'fritz@acme.example', 'auditor');
  const { secret } = await setUpApp(api, fritz);
  const token = await resetLink(fritz.id);
  expect((await post('/v1/password-resets/lookup', { token })).body).toMatchObject({ organizationName: 'Acme', email: fritz.email });
  expect((await askAs(api, fritz, 'GET /v1/sessions/current')).status).toBe(200);
  expect((await post('/v1/password-resets/completion', { token, password: 'short' })).status).toBe(400);
  expect((await post('/v1/password-resets/completion', { token, password })).status).toBe(204);
  expect((await post('/v1/password-resets/completion', { token, password })).status).toBe(410);
  expect((await askAs(api, fritz, 'GET /v1/sessions/current')).status).toBe(401);
  expect((await signInAs(api, fritz)).status).toBe(401);
  const begun = await signInAs(api, { email: fritz.email, password });
  expect([begun.status, begun.body['methods']]).toEqual([202, ['totp', 'recovery_code']]);
  const proof = { method: 'totp', code: await codeOf(secret) };
  expect((await post('/v1/sessions/second-factor', { challenge: begun.body['challenge'], proof })).status).toBe(201);
  expect(await mailsTo(api, fritz.id)).toEqual(['authenticator-app-added', 'password-reset', 'password-changed']);
});

test('409: an invitation is no password to reset', async () => {
  const gina = await invited('gina@acme.example');
  const answer = await askAs(api, admin, `POST /v1/members/${gina.id}/password-reset`);
  expect([answer.status, answer.body['code']]).toEqual([409, 'member_invited']);
});

test('whoever forgot the password asks for a link: the same answer in the same time for a member, an invited one and nobody', async () => {
  const hans = await addMember(api, organizationId, 'hans@acme.example', 'auditor');
  await invited('inge@acme.example');
  const before = await api.database.system.query('select from outbox where kind = $1', ['send-member-mail']);
  for (const email of ['HANS@acme.example', 'inge@acme.example', 'nobody@acme.example', 'not an address']) {
    const begun = performance.now();
    const answer = await post('/v1/password-resets', { email });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(245);
  }
  const after = await api.database.system.query('select from outbox where kind = $1', ['send-member-mail']);
  expect(after.length - before.length).toBe(1);
  const token = await mailedToken(api, organizationId, hans.id);
  expect((await post('/v1/password-resets/lookup', { token })).body['email']).toBe(hans.email);
});

test('429: nobody is mailed reset links without end, whether they are a member or not', async () => {
  for (const email of ['anna@acme.example', 'nobody-else@acme.example']) {
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('/v1/password-resets', { email })));
    const sent = answers.filter(({ status }) => status === 204).length;
    // Twice the limit, where a window ends in between.
    expect(sent).toBeGreaterThanOrEqual(5);
    expect(sent).toBeLessThanOrEqual(10);
  }
});

test('401 without the portal’s secret', async () => {
  for (const path of ['/v1/invitations/lookup', '/v1/password-resets'] as const) {
    expect((await ask(api, `POST ${path}`, { body: { token: 'x' } })).status).toBe(401);
  }
});

test('410: an invitation is void once its member has a password, and a reset link once the password changed or the member was disabled', async () => {
  const rita = await invited('rita@acme.example');
  await api.database.system.query(`update member set password_hash = 'chosen' where id = $1`, [rita.id]);
  for (const path of ['lookup', 'acceptance'] as const) {
    const answer = await post(`/v1/invitations/${path}`, { token: rita.token, ...(path === 'lookup' ? {} : { password }) });
    expect([answer.status, answer.body['code']]).toEqual([410, 'link_void']);
  }
  const sven = await addMember(api, organizationId, 'sven@acme.example');
  const beforeChange = await resetLink(sven.id);
  const change = { currentPassword: sven.password, newPassword: password };
  expect((await askAs(api, sven, 'POST /v1/account/password', change)).status).toBe(200);
  expect((await post('/v1/password-resets/lookup', { token: beforeChange })).status).toBe(410);
  const beforeDisabling = await resetLink(sven.id);
  for (const disabled of [true, false]) {
    expect((await askAs(api, admin, `PATCH /v1/members/${sven.id}`, { disabled })).status).toBe(200);
  }
  expect((await post('/v1/password-resets/lookup', { token: beforeDisabling })).status).toBe(410);
});

test('429: twenty links a day are mailed to a member, and no more', async () => {
  const toni = await addMember(api, organizationId, 'toni@acme.example');
  // The next day too, in case it begins just now.
  await api.database.system.query(
    `insert into rate_limit (bucket, window_start, count) select $1, to_timestamp(floor(extract(epoch from now()) / 86400) * 86400 + day * 86400), $2
     from generate_series(0, 1) as day`,
    [`member-mail:member:${toni.id}:day`, 19],
  );
  const reset = () => askAs(api, admin, `POST /v1/members/${toni.id}/password-reset`);
  expect((await reset()).status).toBe(204);
  expect((await reset()).status).toBe(429);
});
