import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, sampleMail, submitMail } from '../testing/test-organization.ts';
import { signInSender } from './testing/sender-sign-in.ts';

const DAY = 86_400_000;
const api = await startTestApi();
const acme = await createTestOrganization(api);
const alice = await signInSender(api, 'alice@acme.example');
const { apiKey: key } = acme;

const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
const allow = (sendersMayChangeExpiry: string) => ask(api, 'PATCH /v1/configuration', { key, body: { sendersMayChangeExpiry } });
const change = (id: string, expiresAt: string | null) => ask(api, `PATCH /v1/sent/messages/${id}`, { ...alice, body: { expiresAt } });
const freedom = async (id: string) => (await ask(api, `GET /v1/sent/messages/${id}`, alice)).body['expiryChange'];

let mails = 0;
/** Submits a mail with the header. @returns the answer, and how long after acceptance the message expires. */
async function submit(header: string, template = 'Acme Legal') {
  mails += 1;
  const mail = `${header}\r\n${sampleMail({ messageId: `<x${mails}@acme.example>`, template })}`;
  const answer = await ask(api, 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net', { key, body: mail });
  const id = String(answer.body['id']);
  const message = answer.status === 202 ? (await ask(api, `GET /v1/messages/${id}`, { key })).body : {};
  const days = (Date.parse(String(message['expiresAt'])) - Date.parse(String(message['acceptedAt']))) / DAY;
  return { answer, id, days, expiresAt: message['expiresAt'] };
}

test('a sender ends a message sooner, at once too, and later only where the organization lets them', async () => {
  await allow('shorten');
  const id = await submitMail(api, acme, { messageId: '<shorter@acme.example>', template: 'Acme Legal' });
  expect(await freedom(id)).toMatchObject({ shorten: true, extend: false });
  const sooner = inDays(10);
  expect((await change(id, sooner)).body['expiresAt']).toBe(sooner);
  for (const later of [inDays(11), null]) {
    const refused = await change(id, later);
    expect([refused.status, refused.body['code']]).toEqual([403, 'expiry_change_not_allowed']);
  }
  await allow('any');
  const later = inDays(40);
  expect((await change(id, later)).body['expiresAt']).toBe(later);
  expect((await change(id, '2020-01-01T00:00:00Z')).body['recipients']).toMatchObject([{ accessState: 'expired' }]);
  expect((await change(id, later)).body['recipients']).toMatchObject([{ accessState: 'unopened' }]);
  await allow('never');
  expect(await freedom(id)).toMatchObject({ shorten: false, extend: false });
  expect((await change(id, inDays(1))).status).toBe(403);
});

test('what the organization has set, its sender ends sooner and does not put off', async () => {
  await allow('any');
  const id = await submitMail(api, acme, { messageId: '<organization@acme.example>', template: 'Acme Legal' });
  await ask(api, `PATCH /v1/messages/${id}`, { key, body: { expiresAt: inDays(5) } });
  expect(await freedom(id)).toMatchObject({ shorten: true, extend: false });
  const refused = await change(id, inDays(6));
  expect([refused.status, String(refused.body['detail'])]).toEqual([403, expect.stringContaining('organization') as unknown]);
  expect((await change(id, inDays(4))).status).toBe(200);
});

test('the header sets the expiry, and no recipient sees it', async () => {
  await allow('shorten');
  expect((await submit('X-Signet-Expires: 7')).days).toBe(7);
  expect((await submit('x-signet-expires:  30 ')).days).toBe(30);
  expect((await submit('X-Signet-Expires: 730', 'Acme')).days).toBe(730);
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const { id, expiresAt } = await submit(`X-Signet-Expires: ${at}`);
  expect(expiresAt).toBe(at);
  const [part] = await api.database.system.query<{ size: number }>(
    "select size from message_part where message_uid = $1 and part = 'original'",
    [id],
  );
  const stored = sampleMail({ messageId: `<x${mails}@acme.example>` });
  expect(part?.size, 'neither this header nor the template’s is in what recipients download').toBe(Buffer.byteLength(stored));
});

const count = async () => (await api.database.system.query('select id from message')).length;

test('a wish that cannot be kept refuses the message, with the reason, and nothing is stored', async () => {
  await allow('shorten');
  const before = await count();
  for (const header of ['0', '731', 'soon', '2020-01-01T00:00:00Z', '']) {
    const { answer } = await submit(`X-Signet-Expires: ${header}`);
    expect([header, answer.status, answer.body['code']]).toEqual([header, 400, 'message_malformed']);
    expect(String(answer.body['detail'])).toContain('X-Signet-Expires');
  }
  expect((await submit('X-Signet-Expires: 7\r\nX-Signet-Expires: 8')).answer.status).toBe(400);
  expect((await submit('X-Signet-Expires: 31')).answer.body['code'], 'later than the template').toBe('expiry_change_not_allowed');
  await allow('never');
  expect((await submit('X-Signet-Expires: 7')).answer.body['code']).toBe('expiry_change_not_allowed');
  expect(await count()).toBe(before);
  await allow('any');
  expect((await submit('X-Signet-Expires: 31')).days).toBe(31);
});
