import { newId } from '@signet/db/database';
import { WAITING_EVENTS } from '@signet/db/outbox';
import { contentHashOf } from '@signet/domain/audit/canonical-form';
import { integrationEvent } from '@signet/domain/audit/integration-event';
import { expect, test } from 'vitest';
import { addMember, askAs } from '../testing/test-member.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const [acme, globex] = [await createTestOrganization(api), await createTestOrganization(api, 'globex')];
const { apiKey: key } = acme;
const siem = await newKey('Mail client add-in');

async function newKey(name: string): Promise<string> {
  const answer = await ask(api, 'POST /v1/api-keys', { key, body: { name, scopes: ['audit:write'] } });
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body['secret']);
}

function event(facts: object = {}) {
  return {
    id: newId(),
    operation: 'MessageAccess',
    creationTime: '2026-11-20T08:00:00.000Z',
    messageId: 'add-in@acme.example',
    recipients: ['bob@example.net'],
    sender: 'alice@acme.example',
    operationStatus: 'Success',
    operationProperties: [{ name: 'MailSubject', value: 'Quarterly figures' }],
    ...facts,
  };
}

function record(events: readonly unknown[], by = siem) {
  return ask(api, 'POST /v1/audit-events', { key: by, body: { events } });
}

async function entries(query: string, by = key) {
  const { status, body, text } = await ask(api, `GET /v1/audit-entries?${query}`, { key: by });
  expect(status, text).toBe(200);
  return body['items'] as Readonly<Record<string, unknown>>[];
}

const pointersOf = (answer: { body: Readonly<Record<string, unknown>> }) =>
  (answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);

const waiting = async () =>
  (await api.database.system.query("select from outbox where kind = 'ingest-audit-event' and organization_id = $1", [acme.organizationId]))
    .length;

test('202: events become entries with the key’s name as their source; a repeat is a duplicate, whatever became of it meanwhile', async () => {
  const given = [event(), event({ operation: 'AttachmentDownload', attachmentName: 'plan.pdf', authenticationMethod: 'OTP' })];
  expect((await record([...given, given[0]])).body).toEqual({ accepted: 2, duplicates: 1 });
  // The trail names the message that Signet gets to hold only now; and the policy changes.
  await submitMail(api, acme, { messageId: '<add-in@acme.example>' });
  expect((await ask(api, 'PATCH /v1/configuration', { key, body: { recordedClientIp: 'none' } })).status).toBe(200);
  await ingestAll(api);
  expect((await record(given)).body).toEqual({ accepted: 0, duplicates: 2 });
  const found = await entries('source=Mail%20client%20add-in');
  expect(found.map(({ id }) => String(id)).toSorted()).toEqual(given.map(({ id }) => id).toSorted());
  expect(found.find(({ id }) => id === given[0]?.id)).toMatchObject({
    ...given[0],
    messageId: '<add-in@acme.example>',
    version: 1,
    messageUid: null,
    authenticationMethod: null,
    attachmentName: null,
    actor: { kind: 'unknown', id: null, address: null },
  });
});

test('202: an event about a message of the organization is found by its id, and is reduced as the policy says', async () => {
  const id = await submitMail(api, acme, { messageId: '<reduced@acme.example>' });
  const policy = { recordedClientIp: 'truncated', recordedUserAgent: 'none', recordedSubject: 'hash' };
  expect((await ask(api, 'PATCH /v1/configuration', { key, body: policy })).status).toBe(200);
  const actor = { kind: 'recipient', id: newId(), address: 'bob@example.net' };
  const given = event({ messageId: '<reduced@acme.example>', clientIp: '198.51.100.23', userAgent: 'curl/8', actor });
  expect((await record([given])).body).toEqual({ accepted: 1, duplicates: 0 });
  await ingestAll(api);
  const [entry] = await entries(`messageId=${id}&operation=MessageAccess`);
  expect(entry).toMatchObject({ messageUid: id, clientIp: '198.51.100.0/24', userAgent: null, actor });
  expect(entry?.['operationProperties']).toContainEqual({ name: 'MailSubject', value: expect.stringMatching(/^hmac-sha256:/) });
  // Not even the receipt tells it: the hash of the whole would let it be guessed.
  const [receipt] = await api.database.system.query<{ content_hash: Buffer }>(
    'select content_hash from audit_receipt where event_id = $1',
    [given.id],
  );
  const whole = integrationEvent.parse(given);
  expect(receipt?.content_hash.equals(contentHashOf({ ...whole, source: 'Mail client add-in' }))).toBe(false);
  expect((await record([given])).body).toEqual({ accepted: 0, duplicates: 1 });
  expect((await record([{ ...given, sender: 'mallory@acme.example' }])).status).toBe(409);
  const full = { recordedClientIp: 'full', recordedUserAgent: 'full', recordedSubject: 'full' };
  expect((await ask(api, 'PATCH /v1/configuration', { key, body: full })).status).toBe(200);
  expect((await record([given])).body, 'under another policy').toEqual({ accepted: 0, duplicates: 1 });
});

test('202 at the limit of 5,000; 400 for one more, for none, and for what is no list', async () => {
  expect((await record(Array.from({ length: 5000 }, () => event()))).body).toEqual({ accepted: 5000, duplicates: 0 });
  await ingestAll(api);
  expect(pointersOf(await record(Array.from({ length: 5001 }, () => event())))).toEqual(['/events']);
  expect(pointersOf(await record([]))).toEqual(['/events']);
  expect(pointersOf(await ask(api, 'POST /v1/audit-events', { key: siem, body: { events: 'all' } }))).toEqual(['/events']);
  expect(await waiting()).toBe(0);
});

test('400: one wrong event names itself and its field, and keeps all the others out', async () => {
  const soon = new Date(Date.now() + 360_000).toISOString();
  for (const [facts, pointer] of [
    [{ operation: 'MessageRevoke' }, 'operation'],
    [{ operation: 'Nothing' }, 'operation'],
    [{ source: 'signet' }, 'source'],
    [{ messageUid: newId() }, 'messageUid'],
    [{ creationTime: '1999-12-31T23:59:59.999Z' }, 'creationTime'],
    [{ creationTime: '2026-02-30T00:00:00.000Z' }, 'creationTime'],
    [{ creationTime: soon }, 'creationTime'],
    [{ creationTime: '0001-01-01T00:00:00.000Z' }, 'creationTime'],
    [{ creationTime: '9999-12-31T23:59:59.999Z' }, 'creationTime'],
    [{ creationTime: '+275760-09-13T00:00:00.000Z' }, 'creationTime'],
    [{ creationTime: 1_764_000_000_000 }, 'creationTime'],
    [{ operation: '__proto__' }, 'operation'],
    [{ operation: "MessageAccess'; drop table audit_entry; --" }, 'operation'],
    [{ recipients: ['a'.repeat(321)] }, 'recipients/0'],
    [{ messageId: '' }, 'messageId'],
    [{ sender: 'x\r\ny' }, 'sender'],
    [{ id: 7 }, 'id'],
    [{ operationProperties: [{ name: 'ClientIpRecorded', value: 'none' }] }, 'operationProperties/0/name'],
  ] as const) {
    const answer = await record([event(), event(facts), event()]);
    // A text may be wrong in several ways at once.
    expect([answer.status, [...new Set(pointersOf(answer))]], answer.text).toEqual([400, [`/events/1/${pointer}`]]);
  }
  expect(await waiting()).toBe(0);
});

test('409: other content under a known id, or twice in one request, names every index, and takes none', async () => {
  const known = event();
  expect((await record([known])).status).toBe(202);
  await ingestAll(api);
  const fresh = event();
  const answer = await record([event(), { ...known, sender: 'mallory@acme.example' }, fresh, { ...fresh, operationStatus: 'Failure' }]);
  expect([answer.status, answer.body['code'], pointersOf(answer)]).toEqual([409, 'event_id_conflict', ['/events/1/id', '/events/3/id']]);
  const again = await record([event(), { ...known, sender: 'mallory@acme.example' }, known, fresh]);
  expect([again.status, pointersOf(again)]).toEqual([409, ['/events/1/id']]);
  const other = await record([known], await newKey('Another system'));
  expect([other.status, pointersOf(other)]).toEqual([409, ['/events/0/id']]);
  expect(await waiting()).toBe(0);
});

test('409 also where the other content is only an address, an agent or a subject, in either order; the same Message-ID in brackets is the same', async () => {
  const bare = event({ operationProperties: [] });
  const told = { ...bare, clientIp: '198.51.100.23', operationProperties: [{ name: 'MailSubject', value: 'Offer' }] };
  for (const pair of [
    [bare, told],
    [told, bare],
  ]) {
    const answer = await record(pair);
    expect([answer.status, pointersOf(answer)]).toEqual([409, ['/events/1/id']]);
  }
  expect((await record([bare])).body).toEqual({ accepted: 1, duplicates: 0 });
  expect((await record([told])).status).toBe(409);
  expect((await record([{ ...bare, messageId: `<${bare.messageId}>` }])).body).toEqual({ accepted: 0, duplicates: 1 });
  await ingestAll(api);
});

test('202 for two requests at once with the same events, in other orders: each event is taken once', async () => {
  const given = Array.from({ length: 300 }, () => event());
  const answers = await Promise.all([record(given), record(given.toReversed()), record(given)]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(answers.reduce((sum, { body }) => sum + Number(body['accepted']), 0)).toBe(300);
  expect(await waiting()).toBe(300);
  await ingestAll(api);
  expect(await waiting()).toBe(0);
});

test('202: SQL and formulas are text like any other: kept as they are, found as they are, and run by nothing that reads them', async () => {
  const texts = [
    "'; drop table audit_entry; --",
    "' or '1'='1",
    '=HYPERLINK("https://evil.example","x")',
    '+1+cmd|A1',
    '-2+3',
    '@SUM(1)',
    '$1 %s \\',
  ];
  const given = texts.map((text, index) => ({
    ...event(),
    messageId: `<${index}${text}>`,
    recipients: [text],
    sender: text,
    attachmentName: text,
    operationProperties: [{ name: text, value: text }],
    actor: { kind: 'unknown', id: text, address: text },
    clientIp: text,
    userAgent: text,
  }));
  expect((await record(given)).body).toEqual({ accepted: given.length, duplicates: 0 });
  await ingestAll(api);
  for (const { id, sender, recipients, messageId } of given) {
    for (const query of [{ sender }, { recipient: recipients[0] ?? '' }, { messageId }]) {
      const found = await entries(new URLSearchParams(query).toString());
      expect(
        found.map((entry) => entry['id']),
        JSON.stringify(query),
      ).toEqual([id]);
    }
  }
  const stored = await Promise.all(given.map(({ id }) => ask(api, `GET /v1/audit-entries/${id}`, { key })));
  expect(stored.map(({ body }) => [body['sender'], body['operationProperties'], body['actor'], body['userAgent']])).toEqual(
    given.map((each) => [each.sender, each.operationProperties, each.actor, each.userAgent]),
  );
  const csv = await ask(api, 'GET /v1/audit-entries/export?format=csv&source=Mail%20client%20add-in', { key });
  expect(csv.status).toBe(200);
  // At the beginning of a cell, quoted or not, nothing that a spreadsheet runs.
  expect(csv.text).not.toMatch(/(^|[\n,])"?[=+@\t-](?!\d+(?:[,\r\n]|$))/m);
  for (const text of ['=HYPERLINK', '+1+cmd', '@SUM']) expect(csv.text).toContain(`'${text}`);
});

test('202 for the longest values that are allowed: each becomes an entry', async () => {
  const long = event({
    messageId: `<${'\u4e00'.repeat(332)}>`,
    sender: '\u4e00'.repeat(320),
    recipients: Array.from({ length: 1000 }, (_, index) => `${index}${'\u4e00'.repeat(316)}`),
    attachmentName: '\u4e00'.repeat(1024),
    userAgent: '\u4e00'.repeat(1024),
    operationProperties: Array.from({ length: 60 }, (_, index) => ({
      name: `${index}`.padEnd(64, '\u4e00'),
      value: '\u4e00'.repeat(4096),
    })),
  });
  expect((await record([long])).body).toEqual({ accepted: 1, duplicates: 0 });
  await ingestAll(api);
  expect(await waiting()).toBe(0);
  expect(await entries(`sender=${encodeURIComponent(long.sender)}`)).toMatchObject([{ id: long.id, messageId: long.messageId }]);
});

test('an event of a clock that is ahead holds back no promise: all is searchable up to now at most', async () => {
  const soon = new Date(Date.now() + 120_000).toISOString();
  expect((await record([event({ creationTime: soon })])).status).toBe(202);
  const page = await ask(api, 'GET /v1/audit-entries?limit=1', { key });
  expect(page.body['complete']).toBe(false);
  expect(Date.parse(String(page.body['indexedThrough']))).toBeLessThanOrEqual(Date.now());
  await ingestAll(api);
});

test('400: a request of more values than anybody can mean is refused as a whole, and an answer names a thousand faults at most', async () => {
  const many = Array.from({ length: 1000 }, () => ({ ...event(), recipients: Array.from({ length: 600 }, () => 1) }));
  expect(pointersOf(await record(many))).toEqual(['/events']);
  expect(pointersOf(await record(many.slice(0, 100)))).toHaveLength(1000);
});

test('413 beyond 16 MiB; 401; 403 without the scope, and for a name that would pass for Signet’s', async () => {
  const large = event({ operationProperties: Array.from({ length: 60 }, (_, index) => ({ name: `P${index}`, value: 'x'.repeat(4000) })) });
  const near = Array.from({ length: 60 }, () => ({ ...large, id: newId() }));
  expect((await record(near)).status).toBe(202);
  expect((await record([...near, ...near])).status).toBe(413);
  await ingestAll(api);
  expect((await ask(api, 'POST /v1/audit-events', { body: { events: [event()] } })).status).toBe(401);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'reader', scopes: ['audit:read'] } });
  expect((await record([event()], String(weak.body['secret']))).status).toBe(403);
  const member = await addMember(api, acme.organizationId, 'reporter@acme.example');
  const byHand = await askAs(api, member, 'POST /v1/audit-events', { events: [event()] });
  expect([byHand.status, byHand.body['detail']]).toEqual([403, 'Events are added with an API key: its name is their source']);
  for (const name of ['signet', 'M365-Import']) {
    const answer = await ask(api, 'POST /v1/api-keys', { key, body: { name, scopes: ['audit:write'] } });
    expect([answer.status, pointersOf(answer)]).toEqual([400, ['/name']]);
  }
  // A key of before such names were refused.
  const old = await newKey('to be renamed');
  await api.database.system.query("update api_key set name = 'Signet' where name = 'to be renamed'");
  expect((await record([event()], old)).status).toBe(403);
  expect(await waiting()).toBe(0);
});

test('an event about another organization’s message stays in the trail of whoever stated it, and says nothing of that message', async () => {
  const id = await submitMail(api, globex, { messageId: '<theirs@globex.example>', from: 'gina@globex.example' });
  const given = event({ messageId: '<theirs@globex.example>' });
  expect((await record([given])).status).toBe(202);
  await ingestAll(api);
  expect(await entries(`messageId=${id}`)).toEqual([]);
  expect(await entries('messageId=theirs@globex.example')).toMatchObject([{ id: given.id, messageUid: null }]);
  const theirs = await entries('messageId=theirs@globex.example', globex.apiKey);
  expect(theirs.map(({ operation }) => operation)).toEqual(['MessageSend']);
});

test('429 with Retry-After while more events wait than may wait; another organization’s are taken', async () => {
  await api.database.system.query(
    `insert into outbox (organization_id, kind, payload, event_time) select $1, 'ingest-audit-event', '{}', now() from generate_series(0, $2)`,
    [acme.organizationId, WAITING_EVENTS],
  );
  const answer = await record([event()]);
  expect([answer.status, answer.body['code'], answer.headers.get('retry-after')]).toEqual([429, 'too_many_requests', '10']);
  const theirs = await ask(api, 'POST /v1/api-keys', { key: globex.apiKey, body: { name: 'SIEM', scopes: ['audit:write'] } });
  expect((await record([event()], String(theirs.body['secret']))).status).toBe(202);
});
