import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, sampleMail, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const path = 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net' as const;

async function submissionsOnRecord() {
  await ingestAll(api);
  const { body } = await ask(api, 'GET /v1/admin-records?action=MessageSubmit', { key: acme.apiKey });
  return body['items'];
}

test('a message and the record of who handed it in commit together: without the one there is not the other', async () => {
  await asSuperuser(
    api.settings.DATABASE_URL,
    "alter table outbox add constraint no_admin_events check (kind <> 'ingest-admin-event') not valid",
  );
  expect((await ask(api, path, { key: acme.apiKey, body: sampleMail() })).status).toBe(500);
  const messages = await api.database.system.query('select id from message');
  await asSuperuser(api.settings.DATABASE_URL, 'alter table outbox drop constraint no_admin_events');
  expect(messages).toEqual([]);
  const id = await submitMail(api, acme);
  expect(await submissionsOnRecord()).toMatchObject([
    { status: 'Success', actor: { kind: 'integration' }, target: { kind: 'message', id }, after: { sender: 'alice@acme.example' } },
  ]);
});

test('handing in a copy for somebody else, and for a foreign sender in vain, is on record as well', async () => {
  const id = await submitMail(api, acme, {}, ['carol@example.net']);
  const foreign = path.replace('alice@acme.example', 'mallory@globex.example') as typeof path;
  expect((await ask(api, foreign, { key: acme.apiKey, body: sampleMail() })).body['code']).toBe('sender_not_allowed');
  expect(await submissionsOnRecord()).toMatchObject([
    { status: 'Failure', reason: 'sender_not_allowed', target: { id: null }, after: { sender: 'mallory@globex.example' } },
    { status: 'Success', target: { id }, after: { recipients: ['carol@example.net'] } },
    { status: 'Success' },
  ]);
});

test('the same idempotency key twice at once makes one message, and both answers name it', async () => {
  const headers = { 'idempotency-key': 'at-once' };
  const body = sampleMail({ messageId: '<at-once@acme.example>' });
  const answers = await Promise.all([1, 2, 3].map(() => ask(api, path, { key: acme.apiKey, body, headers })));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(1);
  const again = await ask(api, path, { key: acme.apiKey, body, headers });
  expect(again.body).toMatchObject({ id: answers[0]?.body['id'], duplicate: true });
  const other = await ask(api, path, { key: acme.apiKey, body: sampleMail({ subject: 'Other' }), headers });
  expect([other.status, other.body['code']]).toEqual([409, 'idempotency_conflict']);
});

test('of a mail that breaks off nothing is kept, and its key is free', async () => {
  const headers = { 'idempotency-key': 'broken-off' };
  const count = async () => (await api.database.system.query('select id from message')).length;
  const before = await count();
  const { port } = new URL(api.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const target = path.slice('POST '.length);
  socket.write(
    [
      `POST ${target} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${acme.apiKey}`,
      'Idempotency-Key: broken-off',
      'Content-Type: message/rfc822',
      'Content-Length: 100000',
      '',
      sampleMail({ subject: 'Half' }),
    ].join('\r\n'),
  );
  await sleep(200);
  socket.resetAndDestroy();
  const whole = await ask(api, path, { key: acme.apiKey, body: sampleMail({ subject: 'Whole' }), headers });
  expect(whole.status, whole.text).toBe(202);
  expect(await count()).toBe(before + 1);
});

test('a large mail that is refused before it is read gets its answer, and the next request is answered too', async () => {
  const foreign = path.replace('alice@acme.example', 'mallory@globex.example') as typeof path;
  const body = sampleMail() + 'x'.repeat(5 * 1024 * 1024);
  for (const _ of [1, 2]) {
    const refused = await ask(api, foreign, { key: acme.apiKey, body });
    expect([refused.status, refused.body['code']]).toEqual([403, 'sender_not_allowed']);
    expect((await ask(api, 'GET /v1/messages?limit=1', { key: acme.apiKey })).status).toBe(200);
  }
});
