import { setMember } from '@signet/db/organization';
import type { MessageHistory } from '@signet/api-contract/messages';
import type { AdminRecord } from '@signet/domain/audit/admin-record';
import type { Role } from '@signet/domain/role';
import { expect, test } from 'vitest';
import { hashPassword } from '../authentication/password.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;
const scope = api.database.forOrganization(acme.organizationId);
const id = await submitMail(api, acme);

async function memberOf(role: Role) {
  const email = `${role}@acme.example`;
  const password = `a long password of the ${role}`;
  const passwordHash = await hashPassword(password);
  await scope.administer((tx) => setMember(tx, { email, role, passwordHash }));
  const headers = api.portalHeaders();
  const { body } = await ask(api, 'POST /v1/sessions', { headers, body: { email, password } });
  return { headers, key: String(body['token']) };
}

async function read(caller: Awaited<ReturnType<typeof memberOf>> | { key: string }, query = ''): Promise<MessageHistory> {
  const answer = await ask(api, `GET /v1/messages/${id}/history${query}`, caller);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as MessageHistory;
}

async function recordsOf(address: string): Promise<AdminRecord[]> {
  await ingestAll(api);
  const { body } = await ask(api, `GET /v1/admin-records?actor=${address}`, { key });
  return (body['items'] as AdminRecord[]).filter(({ action }) => action !== 'MemberSignIn');
}

test('200: a member who opens a message gets all of it and leaves one record, which says what was shown', async () => {
  await ask(api, `POST /v1/messages/${id}/revocation`, { key, body: { reason: 'wrong file' } });
  await ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs: false } });
  await ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs: true } });
  expect((await ask(api, `POST /v1/messages/${id}/resend`, { key, body: {} })).status).toBe(409);
  await ingestAll(api);
  const auditor = await memberOf('auditor');
  const history = await read(auditor);
  expect(history.message.id).toBe(id);
  expect(history.trail?.items.map(({ operation }) => operation)).toEqual(['MessageRevoke', 'MessageSend']);
  expect(history.acts?.map(({ action }) => action)).toEqual([
    'MessageResend',
    'MessageRevoke',
    'ConfigurationChange',
    'ConfigurationChange',
  ]);
  expect(history.acts?.[0]?.status).toBe('Failure');
  expect(history.exposure?.revocations).toMatchObject([{ reason: 'wrong file' }]);
  expect(await recordsOf('auditor@acme.example')).toMatchObject([
    { action: 'MessageRead', target: { kind: 'message', id }, after: { trail: true, acts: true, exposure: true } },
  ]);
});

test('200: what a role may not read is null, and not on record as read', async () => {
  const history = await read(await memberOf('helpdesk'));
  expect(history).toMatchObject({
    message: { recipients: [{ accessState: 'revoked' }] },
    trail: null,
    acts: null,
    exposure: null,
    holds: null,
  });
  expect(await recordsOf('helpdesk@acme.example')).toMatchObject([{ after: { trail: false, acts: false, exposure: false } }]);
});

test('200: earlier steps follow, page after page', async () => {
  const first = await read({ key }, '?limit=1');
  expect([first.trail?.items.length, first.trail?.more]).toEqual([1, true]);
  const rest = await read({ key }, `?before=${first.trail?.items[0]?.creationTime ?? ''}`);
  expect(rest.trail?.items.map(({ operation }) => operation)).toEqual(['MessageSend']);
});

test('401, 403, 404 and 400', async () => {
  const { body } = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'weak', scopes: ['audit:read'] } });
  expect((await ask(api, `GET /v1/messages/${id}/history`)).status).toBe(401);
  expect((await ask(api, `GET /v1/messages/${id}/history`, { key: String(body['secret']) })).status).toBe(403);
  expect((await ask(api, `GET /v1/messages/${crypto.randomUUID()}/history`, { key })).status).toBe(404);
  expect((await ask(api, `GET /v1/messages/${id}/history?before=yesterday`, { key })).status).toBe(400);
});
