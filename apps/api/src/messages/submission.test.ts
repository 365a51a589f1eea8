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
