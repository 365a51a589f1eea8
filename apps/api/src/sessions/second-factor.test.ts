import { useRecoveryCode } from '@signet/db/member-recovery-code';
import { useTotpStep } from '@signet/db/member-totp';
import { describe, expect, test } from 'vitest';
import { hashOfRecoveryCode } from '../authentication/recovery-codes.ts';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs, codeOf, mailsTo, setUpApp, signInAs, type TestMember } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll, type Answer } from '../testing/test-organization.ts';

const api = await startTestApi();
const { organizationId, apiKey: key } = await createTestOrganization(api);
const scope = api.database.forOrganization(organizationId);
const secrets: string[] = [];

async function memberWithApp(name: string) {
  const member = await addMember(api, organizationId, `${name}@acme.example`, 'auditor');
  const app = await setUpApp(api, member);
  secrets.push(app.secret, ...app.recoveryCodes, member.password);
  return { ...member, ...app };
}

/** The first step of a sign-in. @returns the challenge for the second one. */
async function begin(member: Pick<TestMember, 'email' | 'password'>): Promise<string> {
  const answer = await signInAs(api, member);
  expect(answer.status, answer.text).toBe(202);
  secrets.push(String(answer.body['challenge']));
  return String(answer.body['challenge']);
}

const prove = (challenge: string, proof: object, visitorIp?: string): Promise<Answer> =>
  ask(api, 'POST /v1/sessions/second-factor', { headers: api.portalHeaders(visitorIp), body: { challenge, proof } });

/** A six-digit code that is none of those that count now. */
async function wrongCode(secret: string): Promise<string> {
  const good = new Set(await Promise.all([-60, -30, 0, 30, 60].map((seconds) => codeOf(secret, seconds))));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !good.has(code)) ?? '666666';
}

test('202 says which second factors there are; the challenge opens nothing by itself, and a code completes the sign-in once', async () => {
  const anna = await memberWithApp('anna');
  const first = await signInAs(api, anna);
  expect(first.body).toEqual({
    challenge: expect.any(String) as unknown,
    expiresAt: expect.any(String) as unknown,
    methods: ['totp', 'recovery_code'],
  });
  const challenge = String(first.body['challenge']);
  expect((await askAs(api, { token: challenge }, 'GET /v1/sessions/current')).status).toBe(401);
  const code = await codeOf(anna.secret);
  const proved = await prove(challenge, { method: 'totp', code: `${code.slice(0, 3)} ${code.slice(3)}` });
  expect([proved.status, proved.body['secondFactorRequired']]).toEqual([201, false]);
  expect((await askAs(api, { token: String(proved.body['token']) }, 'GET /v1/sessions/current')).status).toBe(200);
  const again = await prove(challenge, { method: 'totp', code: await codeOf(anna.secret, 30) });
  expect([again.status, again.body['code']]).toEqual([410, 'step_void']);
});

test('401: a code counts once, even in another sign-in, and no earlier one counts after it', async () => {
  const bert = await memberWithApp('bert');
  const code = await codeOf(bert.secret, 30);
  expect((await prove(await begin(bert), { method: 'totp', code })).status).toBe(201);
  for (const used of [code, await codeOf(bert.secret), await codeOf(bert.secret, -30)]) {
    const answer = await prove(await begin(bert), { method: 'totp', code: used });
    expect([answer.status, answer.body['code']]).toEqual([401, 'authentication_failed']);
  }
});

test('of 200 tries with one right code at the same time one gets in', async () => {
  const cora = await memberWithApp('cora');
  const challenge = await begin(cora);
  const code = await codeOf(cora.secret, 30);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => prove(challenge, { method: 'totp', code }, `198.51.100.${index}`)),
  );
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect(count(201)).toBe(1);
  expect(count(201) + count(401) + count(410) + count(429)).toBe(200);
});

test('of 200 transactions that use one code’s step, or one recovery code, at the same time, one wins', async () => {
  const dirk = await memberWithApp('dirk');
  const [totp] = await scope.query<{ id: string }>('select id from member_totp where member_id = $1', [dirk.id]);
  const step = Math.floor(Date.now() / 30_000) + 5;
  const steps = await Promise.all(Array.from({ length: 200 }, () => scope.transaction((tx) => useTotpStep(tx, String(totp?.id), step))));
  expect(steps.filter(Boolean)).toHaveLength(1);
  const hash = hashOfRecoveryCode(dirk.recoveryCodes[0] ?? '');
  const codes = await Promise.all(Array.from({ length: 200 }, () => scope.transaction((tx) => useRecoveryCode(tx, dirk.id, hash))));
  expect(codes.filter(Boolean)).toHaveLength(1);
});

test('429: five wrong codes in a window, from wherever, and the right one waits too; the member’s password is not locked', async () => {
  const emma = await memberWithApp('emma');
  const wrong = await wrongCode(emma.secret);
  const challenge = await begin(emma);
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => prove(challenge, { method: 'totp', code: wrong }, `198.51.101.${index}`)),
  );
  // Twice the limit, where a window ends in between.
  const tried = answers.filter(({ status }) => status === 401).length;
  expect(tried).toBeGreaterThanOrEqual(5);
  expect(tried).toBeLessThanOrEqual(10);
  const right = await prove(challenge, { method: 'totp', code: await codeOf(emma.secret, 30) });
  expect(right.status).toBe(429);
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await signInAs(api, emma)).status).toBe(202);
});

test('429: after 50 codes in a day the next one waits, and a recovery code still works', async () => {
  const elsa = await memberWithApp('elsa');
  const challenge = await begin(elsa);
  // The next day too, in case it begins just now.
  await api.database.system.query(
    `insert into rate_limit (bucket, window_start, count) select $1, to_timestamp(floor(extract(epoch from now()) / 86400) * 86400 + day * 86400), $2
     from generate_series(0, 1) as day`,
    [`app-code:member:${elsa.id}:day`, 50],
  );
  const answer = await prove(challenge, { method: 'totp', code: await codeOf(elsa.secret, 30) });
  expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
  expect((await prove(challenge, { method: 'recovery_code', code: elsa.recoveryCodes[0] })).status).toBe(201);
});

test('a recovery code stands in for a lost app, once, however it was copied; the member is told, and sees how many are left', async () => {
  const fritz = await memberWithApp('fritz');
  expect(fritz.recoveryCodes).toHaveLength(10);
  for (const code of fritz.recoveryCodes) expect(code).toMatch(/^([2-9A-HJ-NP-Z]{7}-){3}[2-9A-HJ-NP-Z]{7}$/);
  const [code = ''] = fritz.recoveryCodes;
  const proved = await prove(await begin(fritz), { method: 'recovery_code', code: ` ${code.toLowerCase().replaceAll('-', ' ')} ` });
  expect(proved.status, proved.text).toBe(201);
  const account = await askAs(api, { token: String(proved.body['token']) }, 'GET /v1/account');
  expect(account.body).toMatchObject({ recoveryCodesLeft: 9, totp: { confirmedAt: expect.any(String) as unknown } });
  expect((await prove(await begin(fritz), { method: 'recovery_code', code })).status).toBe(401);
  expect(await mailsTo(api, fritz.id)).toEqual(['authenticator-app-added', 'recovery-code-used']);
  const stored = JSON.stringify(await scope.query("select encode(code_hash, 'escape') as hash from member_recovery_code"));
  expect(stored).not.toContain(code);
});

describe('an organization that requires a second factor', async () => {
  const strict = await createTestOrganization(api, 'globex');
  await ask(api, 'PATCH /v1/configuration', { key: strict.apiKey, body: { requireSecondFactor: true } });

  test('lets a member without one do nothing but set one up; the session that did goes on with another token and is whole', async () => {
    const member = await addMember(api, strict.organizationId, 'new@globex.example');
    const opened = await signInAs(api, member);
    expect([opened.status, opened.body['secondFactorRequired']]).toEqual([201, true]);
    member.token = String(opened.body['token']);
    for (const request of [
      'GET /v1/messages',
      'GET /v1/members',
      'GET /v1/configuration',
      'GET /v1/sessions',
      'PATCH /v1/configuration',
    ] as const) {
      const answer = await askAs(api, member, request, request.startsWith('PATCH') ? { requireSecondFactor: false } : undefined);
      expect([answer.status, answer.body['code']], request).toEqual([403, 'second_factor_required']);
    }
    expect((await askAs(api, member, 'GET /v1/sessions/current')).body['secondFactorRequired']).toBe(true);
    const before = member.token;
    const { recoveryCodes } = await setUpApp(api, member);
    expect(recoveryCodes).toHaveLength(10);
    expect((await askAs(api, { token: before }, 'GET /v1/sessions/current')).status).toBe(401);
    expect((await askAs(api, member, 'GET /v1/members')).status).toBe(200);
    // Without it, it is as before.
    expect((await askAs(api, member, 'DELETE /v1/account/totp')).status).toBe(204);
    expect((await askAs(api, member, 'GET /v1/members')).status).toBe(403);
  });

  test('is what every organization is that is not made otherwise', async () => {
    const [row] = await api.database.system.query<{ preset: string }>(
      `select column_default as preset from information_schema.columns where table_name = 'organization' and column_name = 'require_second_factor'`,
    );
    expect(row?.preset).toBe('true');
  });
});

test('setting up an app: its secret is shown once, sealed in the database, and counts only once a code has come back', async () => {
  const gerd = await addMember(api, organizationId, 'gerd@acme.example', 'auditor');
  const early = await askAs(api, gerd, 'POST /v1/account/totp/confirmation', { code: '123456' });
  expect([early.status, early.body['code']]).toEqual([410, 'step_void']);
  const begun = await askAs(api, gerd, 'POST /v1/account/totp');
  const secret = String(begun.body['secret']);
  secrets.push(secret);
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(begun.body['uri']).toMatch(/^otpauth:\/\/totp\/.*secret=/);
  const wrong = await askAs(api, gerd, 'POST /v1/account/totp/confirmation', { code: await wrongCode(secret) });
  expect([wrong.status, (wrong.body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([400, '/code']);
  expect((await signInAs(api, gerd)).status).toBe(201);
  const [row] = await scope.query<{ sealed: string }>(
    `select encode(sealed_secret, 'escape') as sealed from member_totp where member_id = $1`,
    [gerd.id],
  );
  expect(row?.sealed).not.toContain(secret);
  const account = await askAs(api, gerd, 'GET /v1/account');
  expect(account.body).toMatchObject({ totp: null, recoveryCodesLeft: 0 });
  const confirmed = await askAs(api, gerd, 'POST /v1/account/totp/confirmation', { code: await codeOf(secret) });
  expect(confirmed.status).toBe(200);
  gerd.token = (confirmed.body as { session: { token: string } }).session.token;
  const read = await askAs(api, gerd, 'GET /v1/account');
  expect(read.text).not.toContain(secret);
  const twice = await askAs(api, gerd, 'POST /v1/account/totp/confirmation', { code: await codeOf(secret, 30) });
  expect(twice.status).toBe(410);
});

test('recovery codes made anew void those before; without a second factor there are none', async () => {
  const hans = await memberWithApp('hans');
  const made = await askAs(api, hans, 'POST /v1/account/recovery-codes');
  expect(made.status).toBe(201);
  const [code] = made.body['recoveryCodes'] as string[];
  secrets.push(String(code));
  expect((await prove(await begin(hans), { method: 'recovery_code', code: hans.recoveryCodes[0] })).status).toBe(401);
  expect((await prove(await begin(hans), { method: 'recovery_code', code })).status).toBe(201);
  expect((await askAs(api, hans, 'DELETE /v1/account/totp')).status).toBe(204);
  const none = await askAs(api, hans, 'POST /v1/account/recovery-codes');
  expect([none.status, none.body['code']]).toEqual([409, 'second_factor_missing']);
  expect((await askAs(api, hans, 'DELETE /v1/account/totp')).status).toBe(409);
});

test('every sign-in and every failed second step is on record; no code, secret, challenge or password is on record or in a log', async () => {
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?limit=5000', { key });
  const signIns = (records.body['items'] as { action: string; reason: string | null; after: unknown }[]).filter(
    ({ action }) => action === 'MemberSignIn',
  );
  expect(signIns.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['wrong_totp', 'wrong_recovery_code']));
  expect(signIns.map(({ after }) => after)).toContainEqual({ factors: ['password', 'totp'] });
  const told = records.text + api.logLines.join('') + JSON.stringify(await scope.query('select payload from outbox'));
  expect(secrets.length).toBeGreaterThan(50);
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
});
