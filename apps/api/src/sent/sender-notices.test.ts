import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';
import { signInSender } from './testing/sender-sign-in.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const alice = await signInSender(api, 'Alice@acme.example', '198.51.100.1');
const colleague = await signInSender(api, 'carl@acme.example', '198.51.100.2');
const namesake = await signInSender(api, 'alice@globex.example', '198.51.100.3');

const read = async (who: typeof alice) => (await ask(api, 'GET /v1/sent/notices', who)).body;
const change = (who: typeof alice, body: object) => ask(api, 'PATCH /v1/sent/notices', { ...who, body });
const configure = (body: object) => ask(api, 'PATCH /v1/configuration', { key: acme.apiKey, body });

const everything = {
  accepted: true,
  firstOpening: true,
  unread: true,
  bounced: true,
  expiredUnread: true,
  refusedAfterRevocation: true,
};

test('200: a sender is told what the organization tells, but what they declined, and nobody else is concerned', async () => {
  const bouncesAlone = {
    ...everything,
    accepted: false,
    firstOpening: false,
    unread: false,
    expiredUnread: false,
    refusedAfterRevocation: false,
  };
  expect(await read(alice)).toEqual({ offered: bouncesAlone, wanted: everything, unreadAfterDays: null });
  await configure({ notifySenders: true, notifyUnreadAfterDays: 5 });
  expect(await read(alice)).toMatchObject({ offered: { ...bouncesAlone, accepted: true, unread: true }, unreadAfterDays: 5 });

  const declined = await change(alice, { bounced: false, unread: false });
  expect([declined.status, declined.body['wanted']]).toEqual([200, { ...everything, bounced: false, unread: false }]);
  await change(alice, { unread: true });
  expect(await read(alice)).toMatchObject({ wanted: { ...everything, bounced: false } });
  for (const somebody of [colleague, namesake]) expect(await read(somebody)).toMatchObject({ wanted: everything });

  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=SenderNoticesChange', { key: acme.apiKey });
  expect(records.body['items']).toMatchObject([
    { before: { unread: false, bounced: false }, after: { unread: true, bounced: false } },
    {
      before: everything,
      after: { unread: false, bounced: false },
      target: { kind: 'sender', id: 'alice@acme.example' },
      actor: { kind: 'sender', address: 'alice@acme.example' },
    },
  ]);
  const theirs = await ask(api, 'GET /v1/admin-records?action=SenderNoticesChange', { key: globex.apiKey });
  expect(theirs.body['items']).toEqual([]);
});

test('what is so already leaves no record', async () => {
  await change(alice, { bounced: false });
  await change(alice, {});
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=SenderNoticesChange', { key: acme.apiKey });
  expect(records.body['items']).toHaveLength(2);
});

test('400 for what the organization tells nobody, with nothing changed, and for what is no notice', async () => {
  const before = await read(alice);
  const refused = await change(alice, { firstOpening: true, expiredUnread: true, accepted: false });
  expect([refused.status, refused.body['errors']]).toMatchObject([400, [{ pointer: '/firstOpening' }, { pointer: '/expiredUnread' }]]);
  expect((await change(alice, { opened: true })).status).toBe(400);
  expect((await change(alice, { bounced: 'no' })).status).toBe(400);
  expect(await read(alice)).toEqual(before);
});

test('401 without a sender’s session', async () => {
  expect((await ask(api, 'GET /v1/sent/notices')).status).toBe(401);
  expect((await ask(api, 'PATCH /v1/sent/notices', { key: acme.apiKey, body: { bounced: true } })).status).toBe(401);
});

test('who declined the notice that a message is on its way gets none, and a colleague does', async () => {
  await configure({ notifySenders: true });
  await change(alice, { accepted: false });
  await submitMail(api, acme, { subject: 'Of Alice' });
  await submitMail(api, acme, { subject: 'Of Carl', from: 'carl@acme.example' });
  const ordered = await api.database.system.query(
    `select m.subject from outbox o join message m on m.id = o.message_uid where o.kind = 'send-sender-notice'`,
  );
  expect(ordered).toEqual([{ subject: 'Of Carl' }]);
});
