import { expect, test } from 'vitest';
import { SoftwareAuthenticator, type AuthenticatorFaults } from '../testing/software-authenticator.ts';
import { startTestApi } from '../testing/test-api.ts';
import { addMember, askAs, mailsTo, setUpApp, signInAs, type TestMember } from '../testing/test-member.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const { organizationId, apiKey: key } = await createTestOrganization(api);
const headers = api.portalHeaders();
const origin = 'http://localhost:3000';

type CreationOptions = Parameters<SoftwareAuthenticator['create']>[0];
type RequestOptions = Parameters<SoftwareAuthenticator['get']>[0];

async function creationOptions(member: TestMember): Promise<CreationOptions> {
  const answer = await askAs(api, member, 'POST /v1/account/passkeys/options');
  expect(answer.status, answer.text).toBe(200);
  return answer.body as unknown as CreationOptions;
}

async function register(member: TestMember, name = 'Laptop') {
  const authenticator = new SoftwareAuthenticator(origin);
  const response = authenticator.create(await creationOptions(member));
  const answer = await askAs(api, member, 'POST /v1/account/passkeys', { name, response });
  expect(answer.status, answer.text).toBe(201);
  const { session, passkey, recoveryCodes } = answer.body as {
    session: { token: string };
    passkey: { id: string };
    recoveryCodes: string[] | null;
  };
  member.token = session.token;
  return { authenticator, passkeyId: passkey.id, recoveryCodes };
}

async function requestOptions(challenge?: string): Promise<RequestOptions> {
  const body = challenge === undefined ? {} : { challenge };
  return (await ask(api, 'POST /v1/sessions/passkey-options', { headers, body })).body as unknown as RequestOptions;
}

const signInWith = (response: object) => ask(api, 'POST /v1/sessions/passkey', { headers, body: { response } });

test('a passkey signs its member in alone: two factors, no password; the session says so, and the counter moved', async () => {
  const anna = await addMember(api, organizationId, 'anna@acme.example', 'auditor');
  const { authenticator, recoveryCodes } = await register(anna);
  expect(recoveryCodes).toHaveLength(10);
  expect(await mailsTo(api, anna.id)).toEqual(['passkey-added']);
  const options = await requestOptions();
  expect(options).toMatchObject({ rpId: 'localhost', allowCredentials: [], userVerification: 'required' });
  const answer = await signInWith(authenticator.get(options));
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body).toMatchObject({ member: { id: anna.id }, secondFactorRequired: false });
  const sessions = await askAs(api, { token: String(answer.body['token']) }, 'GET /v1/sessions');
  expect((sessions.body['items'] as { current: boolean }[]).find(({ current }) => current)).toMatchObject({ factors: ['passkey'] });
  const account = await askAs(api, { token: String(answer.body['token']) }, 'GET /v1/account');
  expect(account.body['passkeys']).toMatchObject([{ name: 'Laptop', lastUsedAt: expect.any(String) as unknown, backedUp: false }]);
});

test('401: a challenge is good once, and for what it was given for', async () => {
  const bert = await addMember(api, organizationId, 'bert@acme.example', 'auditor');
  const { authenticator } = await register(bert);
  const response = authenticator.get(await requestOptions());
  const answers = await Promise.all(Array.from({ length: 20 }, () => signInWith(response)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  expect((await signInWith(response)).body['code']).toBe('authentication_failed');
  // Of a second step, of a re-authentication, of a registration, and of nobody.
  const { body } = await signInAs(api, bert);
  const others = [
    await requestOptions(String(body['challenge'])),
    (await askAs(api, bert, 'POST /v1/sessions/current/passkey-options')).body as unknown as RequestOptions,
    { ...(await creationOptions(bert)), rpId: 'localhost' },
    { challenge: Buffer.alloc(32, 7).toString('base64url'), rpId: 'localhost' },
  ];
  for (const options of others) expect((await signInWith(authenticator.get(options))).status).toBe(401);
});

test.each<[string, AuthenticatorFaults]>([
  ['made for another origin', { origin: 'https://evil.example' }],
  ['made for another site', { rpId: 'evil.example' }],
  ['of a device that did not verify its user', { userVerified: false }],
  ['with a counter that did not grow, as a copy’s', { counter: 1 }],
  ['to another challenge', { challenge: Buffer.alloc(32, 9).toString('base64url') }],
])('401: an answer %s', async (_, faults) => {
  const member = await addMember(api, organizationId, `${crypto.randomUUID()}@acme.example`, 'auditor');
  const { authenticator } = await register(member);
  expect((await signInWith(authenticator.get(await requestOptions()))).status).toBe(201);
  const answer = await signInWith(authenticator.get(await requestOptions(), faults));
  expect([answer.status, answer.body['code']]).toEqual([401, 'authentication_failed']);
});

test('401: an unknown passkey, one whose signature is another’s, and one of a disabled member answer the same', async () => {
  const carl = await addMember(api, organizationId, 'carl@acme.example', 'auditor');
  const { authenticator } = await register(carl);
  const stranger = new SoftwareAuthenticator(origin);
  const unknown = await signInWith(stranger.get(await requestOptions()));
  const options = await requestOptions();
  const own = authenticator.get(options);
  const forged = await signInWith({ ...own, response: { ...own.response, signature: stranger.get(options).response.signature } });
  await ask(api, `PATCH /v1/members/${carl.id}`, { key, body: { disabled: true } });
  const disabled = await signInWith(authenticator.get(await requestOptions()));
  expect([unknown.status, unknown.text]).toEqual([401, forged.text]);
  expect(disabled.text).toBe(unknown.text);
});

test('a passkey is the second step of a sign-in by password, of its own member alone', async () => {
  const dora = await addMember(api, organizationId, 'dora@acme.example', 'auditor');
  const emil = await addMember(api, organizationId, 'emil@acme.example', 'auditor');
  const hers = await register(dora);
  const his = await register(emil);
  const begun = await signInAs(api, dora);
  expect([begun.status, begun.body['methods']]).toEqual([202, ['passkey', 'recovery_code']]);
  const challenge = String(begun.body['challenge']);
  const prove = async (authenticator: SoftwareAuthenticator) => {
    const response = authenticator.get(await requestOptions(challenge));
    return ask(api, 'POST /v1/sessions/second-factor', { headers, body: { challenge, proof: { method: 'passkey', response } } });
  };
  expect((await prove(his.authenticator)).status).toBe(401);
  const proved = await prove(hers.authenticator);
  expect([proved.status, proved.body['member']]).toMatchObject([201, { id: dora.id }]);
  expect((await ask(api, 'POST /v1/sessions/passkey-options', { headers, body: { challenge } })).status).toBe(410);
});

test.each<[string, AuthenticatorFaults]>([
  ['another origin', { origin: 'https://evil.example' }],
  ['another site', { rpId: 'evil.example' }],
  ['a device that did not verify its user', { userVerified: false }],
])('400: a new passkey of %s is refused; its challenge is used up', async (_, faults) => {
  const member = await addMember(api, organizationId, `${crypto.randomUUID()}@acme.example`, 'auditor');
  const options = await creationOptions(member);
  const authenticator = new SoftwareAuthenticator(origin);
  const refused = await askAs(api, member, 'POST /v1/account/passkeys', { name: 'Key', response: authenticator.create(options, faults) });
  expect([refused.status, (refused.body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([400, '/response']);
  const late = await askAs(api, member, 'POST /v1/account/passkeys', { name: 'Key', response: authenticator.create(options) });
  expect([late.status, late.body['code']]).toEqual([410, 'step_void']);
});

test('410: the challenge of one session makes no passkey in another; the same passkey is not added twice', async () => {
  const fred = await addMember(api, organizationId, 'fred@acme.example', 'auditor');
  const gina = await addMember(api, organizationId, 'gina@acme.example', 'auditor');
  const authenticator = new SoftwareAuthenticator(origin);
  const stolen = authenticator.create(await creationOptions(fred));
  expect((await askAs(api, gina, 'POST /v1/account/passkeys', { name: 'Key', response: stolen })).status).toBe(410);
  const first = await askAs(api, fred, 'POST /v1/account/passkeys', {
    name: 'Key',
    response: authenticator.create(await creationOptions(fred)),
  });
  expect(first.status).toBe(201);
  const second = await askAs(api, gina, 'POST /v1/account/passkeys', {
    name: 'Key',
    response: authenticator.create(await creationOptions(gina)),
  });
  expect(second.status).toBe(400);
});

test('204: a removed passkey signs nobody in, other sessions end, the member is told; 404 for somebody else’s', async () => {
  const hans = await addMember(api, organizationId, 'hans@acme.example', 'auditor');
  const inge = await addMember(api, organizationId, 'inge@acme.example', 'auditor');
  await setUpApp(api, hans);
  const { authenticator, passkeyId, recoveryCodes } = await register(hans, 'Phone');
  expect(recoveryCodes).toBeNull();
  expect((await askAs(api, inge, `DELETE /v1/account/passkeys/${passkeyId}`)).status).toBe(404);
  const other = await signInWith(authenticator.get(await requestOptions()));
  expect((await askAs(api, hans, `DELETE /v1/account/passkeys/${passkeyId}`)).status).toBe(204);
  expect((await askAs(api, { token: String(other.body['token']) }, 'GET /v1/sessions/current')).status).toBe(401);
  expect((await signInWith(authenticator.get(await requestOptions()))).status).toBe(401);
  expect(await mailsTo(api, hans.id)).toEqual(['authenticator-app-added', 'passkey-added', 'passkey-removed']);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${hans.id}&action=MemberPasskeyAdd&action=MemberPasskeyRemove`, { key });
  expect(records.body['items']).toMatchObject([
    { action: 'MemberPasskeyRemove', before: { name: 'Phone' } },
    { action: 'MemberPasskeyAdd', after: { name: 'Phone' } },
  ]);
});

test('200: a passkey is renamed by its member alone, on record, and signs in as before; 400 without a name', async () => {
  const jana = await addMember(api, organizationId, 'jana@acme.example', 'auditor');
  const karl = await addMember(api, organizationId, 'karl@acme.example', 'auditor');
  const { authenticator, passkeyId } = await register(jana, 'Phone');
  const route = `PATCH /v1/account/passkeys/${passkeyId}` as const;
  expect((await askAs(api, karl, route, { name: 'Mine' })).status).toBe(404);
  expect((await askAs(api, jana, route, { name: '' })).status).toBe(400);
  const renamed = await askAs(api, jana, route, { name: 'Blue key' });
  expect([renamed.status, renamed.body['name']]).toEqual([200, 'Blue key']);
  expect((await signInWith(authenticator.get(await requestOptions()))).status).toBe(201);
  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${jana.id}&action=MemberPasskeyRename`, { key });
  expect(records.body['items']).toMatchObject([{ before: { name: 'Phone' }, after: { name: 'Blue key' } }]);
});
