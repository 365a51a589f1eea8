import { recordSteps } from '@signet/db/tracking';
import { loadMessages } from '@signet/db/message-detail';
import { describe, expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail, type Answer } from '../testing/test-organization.ts';
import { signInSender } from './testing/sender-sign-in.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const scope = api.database.forOrganization(acme.organizationId);

const alice = await signInSender(api, 'Alice@acme.example', '198.51.100.1');
const colleague = await signInSender(api, 'carl@acme.example', '198.51.100.2');
const stranger = await signInSender(api, 'alice@globex.example', '198.51.100.3');

const own = await submitMail(api, acme, { messageId: '<own@acme.example>', subject: 'Own offer' }, [
  'bob@example.net',
  'carol@example.net',
]);
/** Of a program that writes the address in capitals. */
const capitals = await submitMail(api, acme, { from: 'ALICE@acme.example', messageId: '<capitals@acme.example>', subject: 'Loud offer' });
const tagged = await submitMail(api, acme, {
  from: 'alice+news@acme.example',
  messageId: '<tagged@acme.example>',
  subject: 'Tagged offer',
});
const carls = await submitMail(api, acme, { from: 'carl@acme.example', messageId: '<carl@acme.example>', subject: 'Secret of Carl' });
const theirs = await submitMail(api, globex, { from: 'alice@globex.example', messageId: '<globex@globex.example>', subject: 'Of Globex' });
const untracked = await submitMail(api, acme, {
  messageId: '<plain@acme.example>',
  template: 'OME Configuration',
  subject: 'Untracked offer',
});

const idsOf = ({ body }: Answer) => (body['items'] as { id: string }[]).map(({ id }) => id);

/** A recipient opens a message, as reading records it. */
async function open(messageUid: string, address: string): Promise<void> {
  const [message] = await loadMessages(scope, [messageUid]);
  const recipient = message?.recipients.find((one) => one.address === address);
  if (!message || !recipient) throw new Error('The test names a recipient who is none');
  const { messageId, sender, subject, subjectRecorded } = message;
  await scope.transaction((tx) =>
    recordSteps(tx, { messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate: false }, [
      {
        operation: 'MessageAccess',
        creationTime: new Date(),
        recipients: [address],
        actor: { kind: 'recipient', id: recipient.id, address },
        operationStatus: 'Success',
        authenticationMethod: 'OTP',
        authenticationStatus: 'Success',
        clientIp: '192.0.2.99',
        userAgent: 'Reader/1.0',
      },
    ]),
  );
}

/** Every route that names a message, as a sender asks it. */
const byMessage = [
  ['getSentMessage', (message: string) => `GET /v1/sent/messages/${message}`],
  ['getSentTimeline', (message: string) => `GET /v1/sent/messages/${message}/timeline`],
  ['getSentExposure', (message: string) => `GET /v1/sent/messages/${message}/exposure`],
  ['changeSentMessage', (message: string) => `PATCH /v1/sent/messages/${message}`, { expiresAt: null }],
  ['revokeSentMessage', (message: string) => `POST /v1/sent/messages/${message}/revocation`],
  ['restoreSentMessage', (message: string) => `POST /v1/sent/messages/${message}/restoration`],
] as const satisfies [string, (message: string) => `${string} /${string}`, object?][];

const withoutDate = (headers: Headers) => [...headers].filter(([name]) => name !== 'date');

describe('what is not one’s own', () => {
  test.each(byMessage)(
    '%s answers about a colleague’s message, a tagged address’s and another organization’s as about none, byte for byte',
    async (_, at, body?: object) => {
      const absent = await ask(api, at(crypto.randomUUID()), { ...alice, body });
      expect(absent.status).toBe(404);
      const names = [carls, '<carl@acme.example>', 'carl@acme.example', tagged, theirs, '<globex@globex.example>', 'nothing'];
      for (const name of names) {
        const answer = await ask(api, at(encodeURIComponent(name)), { ...alice, body });
        expect([name, answer.status, answer.text]).toEqual([name, 404, absent.text]);
        expect(withoutDate(answer.headers)).toEqual(withoutDate(absent.headers));
      }
      for (const somebody of [colleague, stranger]) expect((await ask(api, at(own), { ...somebody, body })).text).toBe(absent.text);
    },
  );

  test('lists hold one’s own messages alone, however one searches', async () => {
    expect(idsOf(await ask(api, 'GET /v1/sent/messages', alice)).toSorted()).toEqual([own, capitals, untracked].toSorted());
    expect(idsOf(await ask(api, 'GET /v1/sent/messages', colleague))).toEqual([carls]);
    expect(idsOf(await ask(api, 'GET /v1/sent/messages', stranger))).toEqual([theirs]);
    for (const search of ['subject=secret', 'messageId=carl@acme.example', 'recipient=bob*&subject=tagged', `messageId=${carls}`]) {
      expect(idsOf(await ask(api, `GET /v1/sent/messages?${search}`, alice)), search).toEqual([]);
    }
    expect((await ask(api, 'GET /v1/sent/messages?sender=carl@acme.example', alice)).status).toBe(400);
    expect((await ask(api, 'GET /v1/sent/messages/not-there')).status).toBe(401);
  });

  test('what was tried has changed nothing', async () => {
    for (const [id, key] of [
      [carls, acme.apiKey],
      [tagged, acme.apiKey],
      [theirs, globex.apiKey],
    ] as const) {
      expect((await ask(api, `GET /v1/messages/${id}`, { key })).body).toMatchObject({ revoked: false });
      const records = await ask(api, `GET /v1/admin-records?target=${id}&action=MessageRevoke`, { key });
      expect(records.body['items']).toEqual([]);
    }
  });

  test('a Message-ID that a colleague used as well names one’s own message alone', async () => {
    const same = { messageId: '<same@acme.example>' };
    const mine = await submitMail(api, acme, { ...same, subject: 'Mine' });
    await submitMail(api, acme, { ...same, subject: 'His', from: 'carl@acme.example' });
    expect((await ask(api, 'GET /v1/sent/messages/same@acme.example', alice)).body).toMatchObject({ id: mine, subject: 'Mine' });
    const revoked = await ask(api, 'POST /v1/sent/messages/same@acme.example/revocation', alice);
    expect(revoked.body).toMatchObject({ id: mine, revoked: true });
    const his = await ask(api, 'GET /v1/sent/messages/same@acme.example', colleague);
    expect(his.body).toMatchObject({ subject: 'His', revoked: false });
    await submitMail(api, acme, { ...same, subject: 'Mine again' });
    const ambiguous = await ask(api, 'GET /v1/sent/messages/same@acme.example', alice);
    expect([ambiguous.status, ambiguous.body['code']]).toEqual([409, 'message_id_ambiguous']);
    expect((ambiguous.body['candidates'] as { subject: string }[]).map(({ subject }) => subject)).toEqual(['Mine', 'Mine again']);
  });
});

describe('one’s own', () => {
  test('200: the list is searched by recipient, subject and state; pages follow one another', async () => {
    expect(idsOf(await ask(api, 'GET /v1/sent/messages?recipient=carol@example.net', alice))).toEqual([own]);
    expect(idsOf(await ask(api, 'GET /v1/sent/messages?subject=loud', alice))).toEqual([capitals]);
    expect(idsOf(await ask(api, 'GET /v1/sent/messages?subject=offer&state=unrecorded', alice))).toEqual([untracked]);
    const first = await ask(api, 'GET /v1/sent/messages?subject=offer&limit=1', alice);
    const second = await ask(api, `GET /v1/sent/messages?subject=offer&limit=1&cursor=${String(first.body['nextCursor'])}`, alice);
    expect([...idsOf(first), ...idsOf(second)]).toEqual([untracked, capitals]);
    const elsewhere = await ask(api, `GET /v1/sent/messages?subject=offer&limit=1&cursor=${String(first.body['nextCursor'])}`, colleague);
    expect([elsewhere.status, elsewhere.body['code']]).toEqual([400, 'validation_failed']);
  });

  test('200: states and timeline tell who read, and not from where', async () => {
    await open(own, 'bob@example.net');
    await ingestAll(api);
    const message = await ask(api, `GET /v1/sent/messages/${own}`, alice);
    expect(message.body['recipients']).toMatchObject([
      { address: 'bob@example.net', accessState: 'opened', openedAt: expect.any(String) as unknown },
      { address: 'carol@example.net', accessState: 'unopened' },
    ]);
    const timeline = await ask(api, `GET /v1/sent/messages/${own}/timeline`, alice);
    expect(timeline.status, timeline.text).toBe(200);
    expect(timeline.body['items']).toMatchObject([
      { operation: 'MessageAccess', clientIp: null, userAgent: null },
      { operation: 'MessageSend' },
    ]);
    expect(timeline.text).not.toContain('192.0.2.99');
    const page = await ask(api, `GET /v1/sent/messages/${own}/timeline?limit=1`, alice);
    const rest = await ask(api, `GET /v1/sent/messages/${own}/timeline?limit=1&cursor=${String(page.body['nextCursor'])}`, alice);
    expect(rest.body['items']).toMatchObject([{ operation: 'MessageSend' }]);
  });

  test('200: an untracked message says so, and nobody is said to have read it or not', async () => {
    const { body } = await ask(api, `GET /v1/sent/messages/${untracked}`, alice);
    expect(body).toMatchObject({
      tracking: { state: 'off', reason: 'default_template', gaps: [{ to: null }] },
      recipients: [{ accessState: 'unrecorded', openedAt: null }],
    });
    const report = await ask(api, `GET /v1/sent/messages/${untracked}/exposure`, alice);
    expect(report.body).toMatchObject({ basis: 'not_recorded', recipients: [{ before: [], after: [] }] });
    expect((await ask(api, `GET /v1/sent/messages/${untracked}/timeline`, alice)).body).toMatchObject({
      items: [],
      revocations: [],
      removed: null,
    });
  });

  test('200: one recipient is revoked and restored with a reason; entry, record and report name the sender', async () => {
    const request = { recipients: ['BOB@example.net'], reason: 'wrong Bob' };
    const revoked = await ask(api, `POST /v1/sent/messages/${own}/revocation`, { ...alice, body: request });
    expect(revoked.status, revoked.text).toBe(200);
    expect(revoked.body).toMatchObject({
      revoked: false,
      recipients: [{ accessState: 'revoked', revokedBy: 'alice@acme.example', reason: 'wrong Bob' }, { accessState: 'unopened' }],
    });
    const report = await ask(api, `GET /v1/sent/messages/${own}/exposure`, alice);
    expect(report.body).toMatchObject({
      basis: 'recorded',
      revocations: [{ by: 'alice@acme.example', reason: 'wrong Bob', recipients: ['bob@example.net'] }],
      recipients: [
        { address: 'bob@example.net', before: [{ operation: 'MessageAccess', clientIp: null, userAgent: null }] },
        { before: [] },
      ],
    });
    const restored = await ask(api, `POST /v1/sent/messages/${own}/restoration`, { ...alice, body: { reason: 'right Bob' } });
    expect(restored.body).toMatchObject({ recipients: [{ accessState: 'opened' }, { accessState: 'unopened' }] });
    await ingestAll(api);
    const trail = await ask(api, `GET /v1/audit-entries?messageId=${own}&operation=MessageRevoke`, { key: acme.apiKey });
    expect(trail.body['items']).toMatchObject([
      {
        actor: { kind: 'sender', id: null, address: 'alice@acme.example' },
        operationProperties: expect.arrayContaining([{ name: 'By', value: 'alice@acme.example' }]) as unknown,
      },
    ]);
    const records = await ask(api, `GET /v1/admin-records?target=${own}`, { key: acme.apiKey });
    const acts = (records.body['items'] as { action: string; actor: { kind: string } }[]).filter(({ actor }) => actor.kind === 'sender');
    expect(new Set(acts.map(({ action }) => action))).toEqual(
      new Set(['MessageRead', 'AuditSearch', 'ExposureRead', 'MessageRevoke', 'MessageRestore']),
    );
  });

  test('200: a revocation of a time without tracking stands in the timeline’s revocations, and the time is a gap', async () => {
    const key = acme.apiKey;
    await ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs: false } });
    await ask(api, `POST /v1/sent/messages/${capitals}/revocation`, { ...alice, body: { reason: 'unseen' } });
    await ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs: true } });
    await ingestAll(api);
    const { body } = await ask(api, `GET /v1/sent/messages/${capitals}/timeline`, alice);
    expect(body).toMatchObject({ items: [{ operation: 'MessageSend' }], revocations: [{ reason: 'unseen', by: 'alice@acme.example' }] });
    expect((await ask(api, `GET /v1/sent/messages/${capitals}`, alice)).body).toMatchObject({
      tracking: { gaps: [{ to: expect.any(String) as unknown }] },
    });
  });

  test('200 and 409: a sender restores whom a sender has revoked, and nobody whom the organization has', async () => {
    const key = acme.apiKey;
    const id = await submitMail(api, acme, { messageId: '<leak@acme.example>' }, ['bob@example.net', 'carol@example.net']);
    const restore = (body: object) => ask(api, `POST /v1/sent/messages/${id}/restoration`, { ...alice, body });
    await ask(api, `POST /v1/messages/${id}/revocation`, { key, body: { recipients: ['bob@example.net'], reason: 'a leak' } });
    await ask(api, `POST /v1/sent/messages/${id}/revocation`, { ...alice, body: { reason: 'mine' } });
    const held = { address: 'bob@example.net', accessState: 'revoked', revocationOf: 'organization', reason: 'a leak' };
    const read = await ask(api, `GET /v1/sent/messages/${id}`, alice);
    expect(read.body).toMatchObject({ revoked: true, recipients: [held, { revocationOf: 'sender', reason: 'mine' }] });
    for (let again = 0; again < 2; again++) {
      const restored = await restore({});
      expect([restored.status, restored.body['recipients']]).toMatchObject([200, [held, { accessState: 'unopened', revocationOf: null }]]);
    }
    const refused = await restore({ recipients: ['BOB@example.net'] });
    expect([refused.status, refused.body['code'], refused.body['title']]).toEqual([
      409,
      'revoked_by_organization',
      'Your organization has taken this message back; only it can give it again',
    ]);
    await ingestAll(api);
    const records = await ask(api, `GET /v1/admin-records?target=${id}&action=MessageRestore&limit=1`, { key });
    expect(records.body['items']).toMatchObject([
      { status: 'Failure', actor: { kind: 'sender' }, after: { recipients: [], refusal: 'revoked_by_organization' } },
    ]);
    const given = await ask(api, `POST /v1/messages/${id}/restoration`, { key, body: {} });
    expect(given.body).toMatchObject({ recipients: [{ accessState: 'unopened' }, { accessState: 'unopened' }] });
  });

  test('200: what a sender has revoked is the organization’s once it revokes too, and the report keeps when access was lost', async () => {
    const key = acme.apiKey;
    const id = await submitMail(api, acme, { messageId: '<both@acme.example>' });
    const revoke = (reason: string) => ask(api, `POST /v1/messages/${id}/revocation`, { key, body: { reason } });
    const first = await ask(api, `POST /v1/sent/messages/${id}/revocation`, { ...alice, body: { reason: 'mine' } });
    const revokedAt = String(first.body['revokedAt']);
    const taken = await revoke('a leak');
    const now = { revokedAt, revokedBy: 'First key', reason: 'a leak' };
    expect(taken.body).toMatchObject({ ...now, recipients: [{ ...now, revocationOf: 'organization' }] });
    expect((await revoke('again')).body).toEqual(taken.body);
    expect((await ask(api, `POST /v1/sent/messages/${id}/revocation`, { ...alice, body: { reason: 'mine' } })).body).toMatchObject(now);
    const refused = await ask(api, `POST /v1/sent/messages/${id}/restoration`, alice);
    expect([refused.status, refused.body['code']]).toEqual([409, 'revoked_by_organization']);
    const report = () => ask(api, `GET /v1/messages/${id}/exposure`, { key });
    expect((await report()).body).toMatchObject({
      revocations: [
        { by: 'alice@acme.example', at: revokedAt },
        { by: 'First key', reason: 'a leak' },
      ],
      recipients: [{ revokedAt, restoredAt: null }],
    });
    await ask(api, `POST /v1/messages/${id}/restoration`, { key, body: {} });
    expect((await report()).body).toMatchObject({ recipients: [{ revokedAt, restoredAt: expect.any(String) as unknown }] });
    await ingestAll(api);
    const trail = await ask(api, `GET /v1/audit-entries?messageId=${id}&operation=MessageRevoke`, { key });
    expect((trail.body['items'] as { actor: { kind: string } }[]).map(({ actor }) => actor.kind)).toEqual(['integration', 'sender']);
  });

  test('400 names a recipient who is none and a zone that is none; 409 where nobody can be reached', async () => {
    const wrong = await ask(api, `POST /v1/sent/messages/${own}/revocation`, { ...alice, body: { recipients: ['eve@example.net'] } });
    expect([wrong.status, wrong.body['errors']]).toEqual([400, [{ pointer: '/recipients/0', detail: 'is no recipient of the message' }]]);
    const zone = await ask(api, `GET /v1/sent/messages/${own}/exposure?zone=Middle/Earth`, alice);
    expect([zone.status, (zone.body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([400, '/zone']);
    const passed = await submitMail(api, acme, { messageId: '<passed@acme.example>' });
    await api.database.system.query("update recipient set delivery_state = 'passed', unwrapped = true where message_uid = $1", [passed]);
    const answer = await ask(api, `POST /v1/sent/messages/${passed}/revocation`, alice);
    expect([answer.status, answer.body['code']]).toEqual([409, 'not_revocable']);
  });
});
