import { setMember } from '@signet/db/organization';
import { expect, test } from 'vitest';
import { hashPassword } from '../authentication/password.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const id = await submitMail(api, acme);
await api.database.system.query("update recipient set opened_at = clock_timestamp(), delivery_state = 'sent' where message_uid = $1", [id]);

const email = 'helpdesk@acme.example';
const password = 'a long password of the helpdesk';
const passwordHash = await hashPassword(password);
await api.database.forOrganization(acme.organizationId).administer((tx) => setMember(tx, { email, role: 'helpdesk', passwordHash }));
const headers = api.portalHeaders();
const { body: session } = await ask(api, 'POST /v1/sessions', { headers, body: { email, password } });
const helpdesk = { headers, key: String(session['token']) };

test('helpdesk sees how far the mail has come, and nothing of who read it', async () => {
  const unread = { address: 'bob@example.net', deliveryState: 'sent', accessState: null };
  const message = await ask(api, `GET /v1/messages/${id}`, helpdesk);
  expect(message.body, message.text).toMatchObject({ recipients: [{ ...unread, openedAt: null }] });
  expect((await ask(api, 'GET /v1/messages', helpdesk)).body).toMatchObject({ items: [{ recipients: [unread] }] });
  const { body } = await ask(api, `GET /v1/messages/${id}`, { key: acme.apiKey });
  expect(body).toMatchObject({ recipients: [{ accessState: 'opened', openedAt: expect.any(String) }] });
});

test('helpdesk cannot find out by searching for it either, and the try is on record', async () => {
  for (const state of ['opened', 'unopened', 'unrecorded']) {
    const answer = await ask(api, `GET /v1/messages?state=sent&state=${state}`, helpdesk);
    expect([state, answer.status, answer.body['code']]).toEqual([state, 403, 'forbidden']);
  }
  expect((await ask(api, 'GET /v1/messages?state=sent&state=revoked', helpdesk)).status).toBe(200);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=MessageSearch', { key: acme.apiKey });
  const refused = (records.body['items'] as { status: string; actor: { address: string } }[]).filter(({ status }) => status === 'Failure');
  expect(refused.map(({ actor }) => actor.address)).toEqual([email, email, email]);
});

test('helpdesk is told what stands against reading', async () => {
  await ask(api, `POST /v1/messages/${id}/revocation`, { key: acme.apiKey });
  expect((await ask(api, `GET /v1/messages/${id}`, helpdesk)).body).toMatchObject({
    recipients: [{ accessState: 'revoked', openedAt: null }],
  });
});
