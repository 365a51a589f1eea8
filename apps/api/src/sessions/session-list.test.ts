import { memberSessionPolicy } from '@signet/domain/member-authentication';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs, openSessionOf, setUpApp, signInAs } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const { organizationId, apiKey: key } = await createTestOrganization(api);
const { system } = api.database;
const isLive = async (token: string) => (await askAs(api, { token }, 'GET /v1/sessions/current')).status === 200;

test('a member sees their own sessions, where from and how they were opened, and which one asks', async () => {
  const anna = await addMember(api, organizationId, 'anna@acme.example', 'helpdesk');
  const other = await signInAs(api, anna, '2001:db8::7');
  const list = await askAs(api, { token: String(other.body['token']) }, 'GET /v1/sessions');
  expect(list.body['items']).toMatchObject([
    { clientIp: '2001:db8::7', userAgent: 'Test/1.0', factors: ['password'], current: true },
    { clientIp: '203.0.113.7', current: false },
  ]);
  expect(list.text).not.toMatch(/token/i);
});

test('204: one session ends, for good; 404 for a session of somebody else, one that is over, and none', async () => {
  const bert = await addMember(api, organizationId, 'bert@acme.example', 'auditor');
  const cora = await addMember(api, organizationId, 'cora@acme.example', 'auditor');
  const token = await openSessionOf(api, organizationId, bert.id);
  const { id } = (await askAs(api, { token }, 'GET /v1/sessions/current')).body;
  const foreign = await askAs(api, cora, `DELETE /v1/sessions/${String(id)}`);
  const none = await askAs(api, cora, `DELETE /v1/sessions/${crypto.randomUUID()}`);
  expect([foreign.status, foreign.text]).toEqual([404, none.text]);
  expect((await askAs(api, bert, `DELETE /v1/sessions/${String(id)}`)).status).toBe(204);
  expect([await isLive(token), await isLive(bert.token)]).toEqual([false, true]);
  expect((await askAs(api, bert, `DELETE /v1/sessions/${String(id)}`)).status).toBe(404);
});

test('200: all other sessions end, and no session of anybody else', async () => {
  const dirk = await addMember(api, organizationId, 'dirk@acme.example', 'auditor');
  const emma = await addMember(api, organizationId, 'emma@acme.example', 'auditor');
  const others = await Promise.all([1, 2, 3].map(() => openSessionOf(api, organizationId, dirk.id)));
  expect((await askAs(api, dirk, 'DELETE /v1/sessions')).body).toEqual({ ended: 3 });
  expect(await Promise.all([dirk.token, emma.token, ...others].map(isLive))).toEqual([true, true, false, false, false]);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?action=MemberSessionEnd&target=${dirk.id}`, { key });
  expect(records.body['items']).toMatchObject([{ before: { sessions: 3 } }]);
});

test('an admin sees and ends a member’s sessions, one or all; other roles do not', async () => {
  const admin = await addMember(api, organizationId, 'fred@acme.example');
  const gina = await addMember(api, organizationId, 'gina@acme.example', 'compliance');
  await openSessionOf(api, organizationId, gina.id);
  const list = await askAs(api, admin, `GET /v1/members/${gina.id}/sessions`);
  const [first, second] = list.body['items'] as { id: string }[];
  expect((await askAs(api, gina, `GET /v1/members/${admin.id}/sessions`)).status).toBe(403);
  // A session is ended where it belongs.
  expect((await askAs(api, admin, `DELETE /v1/members/${admin.id}/sessions/${String(first?.id)}`)).status).toBe(404);
  expect((await askAs(api, admin, `DELETE /v1/members/${gina.id}/sessions/${String(second?.id)}`)).status).toBe(204);
  expect((await ask(api, `DELETE /v1/members/${gina.id}/sessions`, { key })).body).toEqual({ ended: 1 });
  expect(await isLive(gina.token)).toBe(false);
  expect((await askAs(api, admin, `GET /v1/members/${crypto.randomUUID()}/sessions`)).status).toBe(404);
});

test('a session that nobody used for an hour is over, and one that is used lives on until its absolute end', async () => {
  const hans = await addMember(api, organizationId, 'hans@acme.example', 'auditor');
  const age = (column: string, seconds: number) =>
    system.query(`update member_session set ${column} = ${column} - make_interval(secs => $2) where member_id = $1`, [hans.id, seconds]);
  await age('last_seen_at', memberSessionPolicy.idleSeconds - 30);
  expect(await isLive(hans.token)).toBe(true);
  await age('last_seen_at', memberSessionPolicy.idleSeconds - 30);
  expect(await isLive(hans.token)).toBe(true);
  await age('last_seen_at', memberSessionPolicy.idleSeconds + 1);
  expect(await isLive(hans.token)).toBe(false);
  expect(((await ask(api, `GET /v1/members/${hans.id}/sessions`, { key })).body['items'] as object[]).length).toBe(0);
  const token = await openSessionOf(api, organizationId, hans.id);
  await age('expires_at', memberSessionPolicy.absoluteSeconds + 1);
  expect(await isLive(token)).toBe(false);
});

test('how long a session lasts can be asked without making it last longer; using it does', async () => {
  const jana = await addMember(api, organizationId, 'jana@acme.example', 'auditor');
  const { idleSeconds, absoluteSeconds } = memberSessionPolicy;
  const age = (column: string, seconds: number) =>
    system.query(`update member_session set ${column} = ${column} - make_interval(secs => $2) where member_id = $1`, [jana.id, seconds]);
  const timeLeft = () => askAs(api, jana, 'GET /v1/sessions/current/time-left');
  await age('last_seen_at', idleSeconds - 600);
  expect(Number((await timeLeft()).body['idleSecondsLeft'])).toBeLessThanOrEqual(600);
  await age('last_seen_at', 300);
  const { body } = await timeLeft();
  expect(Number(body['idleSecondsLeft'])).toBeLessThanOrEqual(300);
  expect(Number(body['secondsLeft'])).toBeLessThanOrEqual(absoluteSeconds);
  expect((await askAs(api, jana, 'GET /v1/sessions/current')).body['idleSecondsLeft']).toBe(idleSeconds);
  expect(Number((await timeLeft()).body['idleSecondsLeft'])).toBeGreaterThan(300);
  await age('last_seen_at', idleSeconds + 1);
  expect((await timeLeft()).status).toBe(401);
});

test('that a session was seen is written once a minute, not at every request', async () => {
  const inge = await addMember(api, organizationId, 'inge@acme.example', 'auditor');
  const seen = async () =>
    (
      await system.query<{ at: Date; version: string }>(
        'select last_seen_at as at, xmin::text as version from member_session where member_id = $1',
        [inge.id],
      )
    )[0];
  const before = await seen();
  await Promise.all(Array.from({ length: 20 }, () => isLive(inge.token)));
  expect(await seen()).toEqual(before);
  await system.query(`update member_session set last_seen_at = last_seen_at - interval '2 minutes' where member_id = $1`, [inge.id]);
  await isLive(inge.token);
  expect(Number((await seen())?.at)).toBeGreaterThanOrEqual(Number(before?.at));
});

test('the session seen longest ago makes room for one more than a member may have', async () => {
  const karl = await addMember(api, organizationId, 'karl@acme.example', 'auditor');
  const tokens = [karl.token];
  for (let opened = 0; opened < memberSessionPolicy.atOnce; opened++) tokens.push(await openSessionOf(api, organizationId, karl.id));
  const live = await Promise.all(tokens.map(isLive));
  expect(live).toEqual([false, ...Array<boolean>(memberSessionPolicy.atOnce).fill(true)]);
});

test('a password change asks for the current one, ends the other sessions, renews this one’s token, and is told', async () => {
  const lena = await addMember(api, organizationId, 'lena@acme.example', 'auditor');
  const other = await openSessionOf(api, organizationId, lena.id);
  const change = (currentPassword: string, newPassword: string) =>
    askAs(api, lena, 'POST /v1/account/password', { currentPassword, newPassword });
  const wrong = await change('not this one', 'seven quiet harbours');
  expect([wrong.status, (wrong.body['errors'] as object[])[0]]).toMatchObject([400, { pointer: '/currentPassword' }]);
  const weak = await change(lena.password, 'password1234');
  expect([weak.status, (weak.body['errors'] as object[])[0]]).toMatchObject([400, { pointer: '/newPassword' }]);
  const changed = await change(lena.password, 'seven quiet harbours');
  expect(changed.status, changed.text).toBe(200);
  expect(await Promise.all([other, lena.token, String(changed.body['token'])].map(isLive))).toEqual([false, false, true]);
  expect((await signInAs(api, lena, '203.0.113.60')).status).toBe(401);
  expect((await signInAs(api, { email: lena.email, password: 'seven quiet harbours' }, '203.0.113.60')).status).toBe(201);
});

test('every change of a way to sign in ends the other sessions', async () => {
  const mara = await addMember(api, organizationId, 'mara@acme.example', 'auditor');
  const before = await openSessionOf(api, organizationId, mara.id);
  await setUpApp(api, mara);
  expect(await isLive(before)).toBe(false);
  const between = await openSessionOf(api, organizationId, mara.id);
  expect((await askAs(api, mara, 'DELETE /v1/account/totp')).status).toBe(204);
  expect([await isLive(between), await isLive(mara.token)]).toEqual([false, true]);
});
