import { routes } from '@signet/api-contract/routes';
import type { Route } from '@signet/api-contract/route';
import { RECENT_SECONDS } from '@signet/domain/member-authentication';
import { expect, test } from 'vitest';
import { SoftwareAuthenticator } from '../testing/software-authenticator.ts';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs, codeOf, setUpApp, type TestMember } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const { organizationId, apiKey: key } = acme;

/** Lets the member's last proof of who they are be too old. */
async function grow(member: TestMember): Promise<void> {
  await api.database.system.query(
    'update member_session set authenticated_at = authenticated_at - make_interval(secs => $2) where member_id = $1',
    [member.id, RECENT_SECONDS + 1],
  );
}

const confirm = (member: TestMember, proof: object) => askAs(api, member, 'POST /v1/sessions/current/reauthentication', { proof });

const asking = Object.entries<Route>(routes).filter(([, route]) => route.recentAuthentication);

test('what destroys, gives or takes access, or changes how somebody signs in asks for a recent authentication, and nothing that reads', () => {
  expect(asking.map(([name]) => name).toSorted()).toMatchInlineSnapshot(`
    [
      "activateDkimKey",
      "beginPasskey",
      "beginTotp",
      "changeConfiguration",
      "changeMailRule",
      "changeMember",
      "changeMessage",
      "changeNextHop",
      "changeSyslogDestination",
      "changeWebhook",
      "claimDomain",
      "createApiKey",
      "createAuditErasure",
      "createDkimKey",
      "createMailRule",
      "createNextHop",
      "createRecoveryCodes",
      "createSmtpCredential",
      "createSubmissionTrust",
      "createSyslogDestination",
      "createWebhook",
      "endMemberSession",
      "endMemberSessions",
      "endOtherSessions",
      "endSession",
      "inviteMember",
      "putSenderGroup",
      "releaseLegalHold",
      "removeBrandingTemplate",
      "removeDkimKey",
      "removeDomain",
      "removeMailRule",
      "removeMember",
      "removeNextHop",
      "removePasskey",
      "removeSenderGroup",
      "removeSyslogDestination",
      "removeTotp",
      "removeWebhook",
      "resendInvitation",
      "resetSecondFactors",
      "restoreMessage",
      "revokeApiKey",
      "revokeMessage",
      "revokeSmtpCredential",
      "revokeSubmissionTrust",
      "rotateLogKey",
      "rotateWebhookSecret",
      "sendPasswordReset",
      "setCheckpointDelivery",
      "setRetention",
      "verifyDomain",
    ]
  `);
  expect(asking.filter(([, route]) => route.method === 'GET')).toEqual([]);
});

test.each(asking)(
  '%s: 403 reauthentication_required a quarter of an hour after the sign-in, and not before; API keys are not asked',
  async (_, route) => {
    const member = await addMember(api, organizationId, `${crypto.randomUUID()}@acme.example`);
    const path = route.path.replaceAll(/\{(\w+)\}/g, () => crypto.randomUUID());
    const request = `${route.method} /${path.slice(1)}` as const;
    const fresh = await askAs(api, member, request);
    expect(fresh.body['code']).not.toBe('reauthentication_required');
    await grow(member);
    const old = await askAs(api, member, request);
    expect([old.status, old.body['code']]).toEqual([403, 'reauthentication_required']);
    // A route that is for members alone sends a key away; the others let it in.
    expect((await ask(api, request, { key })).body['code']).not.toBe('reauthentication_required');
  },
);

test('200: the password confirms who has no second factor; the token is renewed, the one before is void, and acts pass again', async () => {
  const anna = await addMember(api, organizationId, 'anna@acme.example');
  const message = await submitMail(api, acme);
  await grow(anna);
  expect((await askAs(api, anna, `POST /v1/messages/${message}/revocation`, { reason: 'wrong one' })).status).toBe(403);
  expect((await askAs(api, anna, 'GET /v1/messages')).status).toBe(200);
  const before = anna.token;
  const confirmed = await confirm(anna, { method: 'password', password: anna.password });
  expect(confirmed.status, confirmed.text).toBe(200);
  anna.token = String(confirmed.body['token']);
  expect((await askAs(api, { token: before }, 'GET /v1/sessions/current')).status).toBe(401);
  const current = await askAs(api, anna, 'GET /v1/sessions/current');
  expect(Date.parse(String(current.body['recentUntil'])) - Date.now()).toBeGreaterThan((RECENT_SECONDS - 60) * 1000);
  expect((await askAs(api, anna, `POST /v1/messages/${message}/revocation`, { reason: 'wrong one' })).status).toBe(200);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?action=MemberReauthenticate&target=${anna.id}`, { key });
  expect(records.body['items']).toMatchObject([{ status: 'Success', after: { factors: ['password'] } }]);
});

test('403: who has a second factor confirms as fully as they signed in; the password alone is not enough, nor a code that was used', async () => {
  const bert = await addMember(api, organizationId, 'bert@acme.example');
  const { secret } = await setUpApp(api, bert);
  await grow(bert);
  expect((await askAs(api, bert, 'GET /v1/sessions/current')).body['reauthenticationMethods']).toEqual(['password_and_code']);
  const alone = await confirm(bert, { method: 'password', password: bert.password });
  expect([alone.status, alone.body['code']]).toEqual([403, 'reauthentication_failed']);
  const code = await codeOf(secret);
  expect((await confirm(bert, { method: 'password_and_code', password: 'guess', code })).status).toBe(403);
  const right = { method: 'password_and_code', password: bert.password, code };
  const confirmed = await confirm(bert, right);
  expect(confirmed.status, confirmed.text).toBe(200);
  bert.token = String(confirmed.body['token']);
  expect((await confirm(bert, right)).status).toBe(403);
});

test('a passkey confirms, by a challenge of this session alone', async () => {
  const cora = await addMember(api, organizationId, 'cora@acme.example');
  expect((await askAs(api, cora, 'POST /v1/sessions/current/passkey-options')).status).toBe(409);
  const authenticator = new SoftwareAuthenticator('http://localhost:3000');
  const creation = (await askAs(api, cora, 'POST /v1/account/passkeys/options')).body as unknown as Parameters<
    SoftwareAuthenticator['create']
  >[0];
  const added = await askAs(api, cora, 'POST /v1/account/passkeys', { name: 'Key', response: authenticator.create(creation) });
  cora.token = (added.body as { session: { token: string } }).session.token;
  await grow(cora);
  const optionsOf = async (request: 'POST /v1/sessions/current/passkey-options' | 'POST /v1/sessions/passkey-options') =>
    (await askAs(api, cora, request, request.includes('current') ? undefined : {})).body as unknown as Parameters<
      SoftwareAuthenticator['get']
    >[0];
  const forSignIn = authenticator.get(await optionsOf('POST /v1/sessions/passkey-options'));
  expect((await confirm(cora, { method: 'passkey', response: forSignIn })).status).toBe(403);
  const response = authenticator.get(await optionsOf('POST /v1/sessions/current/passkey-options'));
  const confirmed = await confirm(cora, { method: 'passkey', response });
  expect(confirmed.status, confirmed.text).toBe(200);
  cora.token = String(confirmed.body['token']);
  expect((await confirm(cora, { method: 'passkey', response })).status).toBe(403);
});

test('429: a right password with new ones that are refused does not let anybody guess on at the code', async () => {
  const ella = await addMember(api, organizationId, 'ella@acme.example');
  await setUpApp(api, ella);
  const statuses: number[] = [];
  for (let round = 0; round < 12; round++) {
    const guess = await confirm(ella, { method: 'password_and_code', password: ella.password, code: '000000' });
    const change = { currentPassword: ella.password, newPassword: 'too short' };
    statuses.push(guess.status, (await askAs(api, ella, 'POST /v1/account/password', change)).status);
  }
  // Twice the limit, where a window ends in between.
  expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(20);
  expect(statuses.at(-2)).toBe(429);
});

test('429: guesses at the password of an open session are counted before they are checked', async () => {
  const dirk = await addMember(api, organizationId, 'dirk@acme.example');
  const answers = await Promise.all(Array.from({ length: 30 }, () => confirm(dirk, { method: 'password', password: 'guess' })));
  const tried = answers.filter(({ status }) => status === 403).length;
  // Twice the limit, where a window ends in between.
  expect(tried).toBeGreaterThanOrEqual(10);
  expect(tried).toBeLessThanOrEqual(20);
  expect((await confirm(dirk, { method: 'password', password: dirk.password })).status).toBe(429);
});
