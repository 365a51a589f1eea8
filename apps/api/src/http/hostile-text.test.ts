import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, sampleMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const headers = api.portalHeaders();
const { apiKey: key } = acme;
const raw = Buffer.from(sampleMail()).toString('base64');
const mail = { sender: 'alice@acme.example', recipients: ['bob@example.net'], raw };

test.each([
  ['POST /v1/sessions', { headers, body: { email: 'a\0b@acme.example', password: 'x' } }],
  ['POST /v1/sessions', { headers, body: { email: 'a\ud800@acme.example', password: 'x' } }],
  ['POST /v1/api-keys', { key, body: { name: 'a\0b', scopes: ['messages:read'] } }],
  ['POST /v1/api-keys', { key, body: { name: 'a\ud800', scopes: ['messages:read'] } }],
  ['POST /v1/smtp-credentials', { key, body: { name: 'a\0b' } }],
  ['POST /v1/messages', { key, body: { ...mail, recipients: ['bo\0b@example.net'] } }],
  ['POST /v1/messages', { key, body: { ...mail, recipients: ['bo\u001b[2Jb@example.net'] } }],
  ['POST /v1/messages', { key, body: { ...mail, recipients: ['bo\ud800b@example.net'] } }],
  ['POST /v1/messages', { key, body: { ...mail, sender: 'al\0ice@acme.example' } }],
  ['GET /v1/messages?from=0000-01-01T00:00:00Z', { key }],
  ['GET /v1/audit-entries?to=9999-12-31T23:59:59-01:00', { key }],
] as const)('what no record and no mail can hold is refused as a wrong field, and breaks nothing: %s %#', async (request, options) => {
  const answer = await ask(api, request, options);
  expect([answer.status, answer.body['code']], answer.text).toEqual([400, 'validation_failed']);
});

test.each([
  'messages?subject=%00',
  'messages?sender=a%00',
  'audit-entries?recipient=%00',
  'admin-records?target=%00',
  'messages?messageId=%00',
])('searching for what nothing can hold finds nothing: %s', async (path) => {
  const answer = await ask(api, `GET /v1/${path}`, { key });
  expect([answer.status, answer.body['items']], answer.text).toEqual([200, []]);
});

test('bytes that are no UTF-8 are refused, not taken as other text', async () => {
  const body = Buffer.concat([Buffer.from('{"name":"a'), Buffer.from([0xff]), Buffer.from('","scopes":["messages:read"]}')]);
  const response = await fetch(`${api.url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'validation_failed' }]);
});
