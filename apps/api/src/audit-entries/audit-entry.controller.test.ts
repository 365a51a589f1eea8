import { appendAuditEvents } from '@signet/db/audit';
import { newId } from '@signet/db/database';
import { addBulkEntries } from '@signet/db/testing/bulk-entries';
import { expect, test } from 'vitest';
import { addSampleEntry } from '../testing/sample-entry.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;
const scope = api.database.forOrganization(acme.organizationId);

interface Entry {
  id: string;
  operation: string;
  recipients: string[];
}

async function search(query: string) {
  const { status, body, text } = await ask(api, `GET /v1/audit-entries?${query}`, { key });
  expect(status, text).toBe(200);
  return body as { items: Entry[]; nextCursor: string | null; complete: boolean; indexedThrough: string } & Partial<Way>;
}

interface Way {
  previousCursor: string | null;
  matches: { count: number; capped: boolean } | null;
}

test('200: while an event waits the page says so, and how far it is whole; afterwards it is found by every filter', async () => {
  const id = await submitMail(api, acme, { messageId: '<trail@acme.example>', subject: 'Budget for spring' }, [
    'bob@example.net',
    'Carol@example.org',
  ]);
  const waiting = await search('messageId=trail@acme.example');
  expect([waiting.items, waiting.complete]).toEqual([[], false]);
  const [event] = await api.database.system.query<{ event_time: Date }>("select event_time from outbox where kind = 'ingest-audit-event'");
  expect(waiting.indexedThrough).toBe(event?.event_time.toISOString());
  expect((await search('to=2020-01-01T00:00:00Z')).complete).toBe(true);

  await ingestAll(api);
  for (const query of [
    'messageId=%3Ctrail@acme.example%3E',
    `messageId=${id}`,
    'recipient=carol@EXAMPLE.org',
    'recipient=car*',
    'sender=alice@*',
    'subject=spring%20budget',
    'operation=MessageSend&operation=MessageRevoke',
    'source=signet&operationStatus=Success',
    'from=2026-01-01T00:00:00Z',
  ]) {
    const page = await search(query);
    expect([query, page.items.map((entry) => entry.operation), page.complete]).toEqual([query, ['MessageSend'], true]);
  }
  for (const query of [
    'messageId=other@acme.example',
    'recipient=caro',
    'operation=MessageRevoke',
    'authenticationMethod=OTP',
    'source=siem',
    'subject=autumn',
  ]) {
    expect([query, (await search(query)).items]).toEqual([query, []]);
  }
});

/** A sign-in as another system states it. */
function statedSignIn(facts: object) {
  return {
    id: newId(),
    operation: 'AuthenticateRequest',
    creationTime: '2026-02-01T00:00:00.000Z',
    messageId: '<signed-in@acme.example>',
    sender: 'alice@acme.example',
    recipients: ['bob@example.net'],
    operationStatus: 'Success',
    ...facts,
  };
}

test('200: a way to sign in, how that ended and how the operation ended are each found by themselves', async () => {
  const steps = {
    google: statedSignIn({ authenticationMethod: 'Google', authenticationStatus: 'Success' }),
    wrong: statedSignIn({ authenticationMethod: 'OTP', authenticationStatus: 'Failure' }),
    refused: statedSignIn({ authenticationMethod: 'OTP', authenticationStatus: 'Success', operationStatus: 'Failure' }),
    nobody: statedSignIn({}),
  };
  const answer = await ask(api, 'POST /v1/audit-events', { key, body: { events: Object.values(steps) } });
  expect(answer.status, answer.text).toBe(202);
  await ingestAll(api);
  for (const [query, found] of [
    ['authenticationMethod=Google', ['google']],
    ['authenticationMethod=OTP', ['wrong', 'refused']],
    ['authenticationMethod=Yahoo', []],
    ['authenticationStatus=Success', ['google', 'refused']],
    ['authenticationStatus=Failure', ['wrong']],
    ['operationStatus=Success', ['google', 'wrong', 'nobody']],
    ['operationStatus=Failure', ['refused']],
    ['authenticationMethod=OTP&authenticationStatus=Success', ['refused']],
    ['authenticationStatus=Failure&operationStatus=Failure', []],
  ] as const) {
    const { items } = await search(`messageId=signed-in@acme.example&${query}`);
    expect([query, items.map(({ id }) => id).toSorted()]).toEqual([query, found.map((name) => steps[name].id).toSorted()]);
  }
});

test('200: pages of a search with equal times follow one another without gap or repeat; each read is on record once', async () => {
  const at = new Date('2026-03-01T00:00:00.000Z');
  const [sample] = await scope.query<{ id: string }>('select id from message limit 1');
  const ids = await scope.transaction(async (tx) => {
    const events = Array.from({ length: 25 }, (_, index) => ({
      id: newId(),
      version: 1 as const,
      source: 'signet',
      operation: 'MessageAccess' as const,
      creationTime: new Date(at.getTime() + (index % 3)).toISOString(),
      organizationId: acme.organizationId,
      messageId: '<trail@acme.example>',
      messageUid: sample?.id ?? null,
      recipients: ['bob@example.net'],
      sender: 'alice@acme.example',
      authenticationMethod: 'OTP' as const,
      authenticationStatus: 'Success' as const,
      operationStatus: 'Success' as const,
      attachmentName: null,
      operationProperties: [],
      actor: { kind: 'unknown' as const, id: null, address: null },
      clientIp: null,
      userAgent: null,
    }));
    await appendAuditEvents(tx, events);
    return events.map((event) => event.id);
  });
  await ingestAll(api);
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await search(`operation=MessageAccess&limit=7${cursor}`);
    seen.push(...page.items.map((entry) => entry.id));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(seen.toSorted()).toEqual(ids.toSorted());
  expect(new Set(seen).size).toBe(25);

  const first = await search('operation=MessageAccess&limit=7&count=true');
  expect([first.matches, first.previousCursor]).toEqual([{ count: 25, capped: false }, null]);
  const second = await search(`operation=MessageAccess&limit=7&cursor=${first.nextCursor ?? ''}`);
  expect(second.matches).toBeNull();
  const again = await search(`operation=MessageAccess&limit=7&cursor=${second.previousCursor ?? ''}`);
  expect([again.items, again.nextCursor, again.previousCursor]).toEqual([first.items, first.nextCursor, null]);
  const cursorOf = first.nextCursor ?? '';
  const opened = Buffer.from(cursorOf, 'base64url').toString();
  const tampered = Buffer.from(opened.replace('2026-03', '2026-02')).toString('base64url');
  expect(tampered).not.toBe(cursorOf);
  for (const query of [`operation=MessageSend&cursor=${cursorOf}`, `operation=MessageAccess&cursor=${tampered}`]) {
    const { status, body } = await ask(api, `GET /v1/audit-entries?${query}`, { key });
    expect([status, body['errors']]).toEqual([400, [{ pointer: '/cursor', detail: 'is not a cursor of this search' }]]);
  }

  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=AuditSearch', { key });
  const reads = records.body['items'] as { after: { operation?: string[]; count: number } }[];
  expect(reads.filter(({ after }) => after.operation?.[0] === 'MessageAccess').map(({ after }) => after.count)).toEqual([
    7, 7, 7, 4, 7, 7, 7,
  ]);
});

test('a count is exact up to 10,000, and says that there are more from 10,001 on, by one filter and by two', async () => {
  const like = await addSampleEntry(api, acme);
  await addBulkEntries(api.settings.DATABASE_URL, acme.organizationId, {
    count: 10_001,
    like,
    time: "timestamptz '2026-01-02 00:00:00Z' + number * interval '13 seconds'",
  });
  const from = '2026-01-02T00:00:00.000Z';
  const counted = async (to: number, more = '') => {
    const query = new URLSearchParams({ from, to: new Date(Date.parse(from) + to * 13_000).toISOString(), limit: '1', count: 'true' });
    const { body } = await ask(api, `GET /v1/audit-entries?${query.toString()}${more}`, { key });
    return body['matches'];
  };
  expect(await counted(9_999)).toEqual({ count: 9_999, capped: false });
  expect(await counted(10_000)).toEqual({ count: 10_000, capped: false });
  expect(await counted(10_001)).toEqual({ count: 10_000, capped: true });
  // Success has no index of its own: it is looked for among 10,000.
  const both = '&operation=MessageAccess&operationStatus=Success';
  expect(await counted(9_999, both)).toEqual({ count: 9_999, capped: false });
  expect(await counted(10_000, both)).toEqual({ count: 10_000, capped: false });
  expect(await counted(10_001, both)).toEqual({ count: 10_000, capped: true });
});

test('400 for a limit over 5,000, a wrong time and a cursor of nothing; 401; 403', async () => {
  const answer = await ask(api, 'GET /v1/audit-entries?limit=5001&from=yesterday&operation=Nothing', { key });
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
    '/from',
    '/limit',
    '/operation/0',
  ]);
  expect((await ask(api, 'GET /v1/audit-entries?cursor=abc', { key })).status).toBe(400);
  expect((await ask(api, 'GET /v1/audit-entries')).status).toBe(401);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'no trail', scopes: ['messages:read'] } });
  expect((await ask(api, 'GET /v1/audit-entries', { key: String(weak.body['secret']) })).status).toBe(403);
});

test('400 names what no search can be: limits of nothing, texts of 10,000 characters, cursors of nothing; SQL is text like any other', async () => {
  const texts = ['messageId', 'recipient', 'sender', 'subject', 'source'] as const;
  const long = encodeURIComponent('x'.repeat(10_000));
  const wrong = [
    ...['0', '-1', '5001', '1.5', 'ten', '9'.repeat(400)].map((limit) => ['limit', limit] as const),
    ...texts.map((name) => [name, long] as const),
    ...['cursor', 'from', 'to', 'authenticationMethod', 'authenticationStatus', 'operationStatus', 'count'].map(
      (name) => [name, long] as const,
    ),
  ];
  for (const [name, value] of wrong) {
    const { status, body } = await ask(api, `GET /v1/audit-entries?${name}=${value}`, { key });
    expect([status, body['errors']], `${name}=${value.slice(0, 20)}`).toEqual([400, [expect.objectContaining({ pointer: `/${name}` })]]);
  }
  await submitMail(api, acme, { messageId: '<injected@acme.example>' });
  await ingestAll(api);
  for (const text of ["' or 1=1 --", "'; drop table audit_entry; --", '%', '_', '\\', '$1', '*', "') or true or ('", '\0'])
    for (const name of texts) {
      const { items } = await search(`${name}=${encodeURIComponent(text)}`);
      // The beginning of nothing is the beginning of every address; nothing else here is anything's.
      expect(items.length > 0, `${name}=${text}`).toBe(text === '*' && ['recipient', 'sender'].includes(name));
    }
});

test('200: an entry is read by its id, which is on record; 404 alike for one that is not there and another organization’s; 403', async () => {
  await submitMail(api, acme, { messageId: '<one-entry@acme.example>' });
  await ingestAll(api);
  const [entry] = (await search('messageId=one-entry@acme.example')).items;
  const { nextCursor } = await search('limit=1');
  const path = `/v1/audit-entries/${entry?.id ?? ''}` as const;
  const read = await ask(api, `GET ${path}`, { key });
  expect([read.status, read.body]).toEqual([200, entry]);
  const globex = await createTestOrganization(api, 'globex');
  expect(nextCursor).not.toBeNull();
  expect((await ask(api, `GET /v1/audit-entries?limit=1&cursor=${nextCursor ?? ''}`, { key: globex.apiKey })).status).toBe(400);
  const foreign = await ask(api, `GET ${path}`, { key: globex.apiKey });
  const none = await ask(api, `GET /v1/audit-entries/${newId()}`, { key: globex.apiKey });
  expect([foreign.status, foreign.text]).toEqual([404, none.text]);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'no entry', scopes: ['messages:read'] } });
  expect((await ask(api, `GET ${path}`, { key: String(weak.body['secret']) })).status).toBe(403);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=AuditSearch', { key });
  expect((records.body['items'] as { target: object; status: string }[]).slice(0, 2)).toEqual([
    expect.objectContaining({ target: { kind: 'audit-entry', id: null }, status: 'Failure' }),
    expect.objectContaining({ target: { kind: 'audit-entry', id: entry?.id }, status: 'Success' }),
  ]);
});
