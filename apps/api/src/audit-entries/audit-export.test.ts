import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setImmediate as pause } from 'node:timers/promises';
import { appendAuditEvents } from '@signet/db/audit';
import { newId } from '@signet/db/database';
import { addBulkEntries } from '@signet/db/testing/bulk-entries';
import { asSuperuser } from '@signet/db/testing/test-database';
import { canonicalJson, canonicalRecord } from '@signet/domain/audit/canonical-form';
import type { AuditEntry, AuditEvent } from '@signet/domain/audit/entry';
import { isTrueLine, readExportedLine, type ExportedLine } from '@signet/domain/audit/exported-line';
import { microsoftOperations, readMicrosoftRecord } from '@signet/domain/audit/microsoft-record';
import { operationNames } from '@signet/domain/audit/operation';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;
const scope = api.database.forOrganization(acme.organizationId);

function eventWith(fields: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: newId(),
    version: 1,
    source: 'signet',
    operation: 'MessageAccess',
    creationTime: '2026-03-01T00:00:00.000Z',
    organizationId: acme.organizationId,
    messageId: '<trail@acme.example>',
    messageUid: null,
    recipients: ['bob@example.net'],
    sender: 'alice@acme.example',
    authenticationMethod: 'OTP',
    authenticationStatus: 'Success',
    operationStatus: 'Success',
    attachmentName: null,
    operationProperties: [{ name: 'MailSubject', value: 'Budget; “spring”, 2026' }],
    actor: { kind: 'unknown', id: null, address: null },
    clientIp: '203.0.113.7',
    userAgent: null,
    ...fields,
  };
}

async function record(events: readonly AuditEvent[]): Promise<void> {
  await scope.transaction((tx) => appendAuditEvents(tx, events));
  await ingestAll(api);
}

async function exported(query = '', as = key) {
  const answer = await ask(api, `GET /v1/audit-entries/export?${query}`, { key: as });
  expect(answer.status, answer.text).toBe(200);
  return { text: answer.text, headers: answer.headers, lines: answer.text.split('\n').slice(0, -1) };
}

/** All that a search finds, page by page. */
async function searched(query = ''): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for (let cursor = ''; ;) {
    const { body } = await ask(api, `GET /v1/audit-entries?limit=5000&${query}${cursor}`, { key });
    const page = body as unknown as { items: AuditEntry[]; nextCursor: string | null };
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** `of` of each, with turns between them for the server, which is in this process: one that gets none closes connections that are used again. */
async function inTurns<T, R>(items: readonly T[], of: (item: T) => R): Promise<R[]> {
  const made: R[] = [];
  for (const [index, item] of items.entries()) {
    if (index % 500 === 0) await pause();
    made.push(of(item));
  }
  return made;
}

/** The canonical text of the entry that a line has. */
const textOf = (line: ExportedLine) => line.intact?.text ?? 'erased';

const golden = readFileSync(new URL('../../../../packages/domain/test-data/microsoft-records.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');

test('200: every filter exports what a search by it finds, the oldest first', async () => {
  const id = await submitMail(api, acme, { messageId: '<offer@acme.example>', subject: 'Budget for spring' }, ['carol@example.org']);
  await record([
    ...golden.map((text) => readMicrosoftRecord(JSON.parse(text), { organizationId: acme.organizationId, messageUid: null })),
    ...operationNames.map((operation, index) =>
      eventWith({ operation, creationTime: new Date(Date.UTC(2026, index % 5, 1, 0, 0, 0, index % 3)).toISOString() }),
    ),
    eventWith({ operationStatus: 'Failure', authenticationMethod: 'Google', authenticationStatus: 'Failure', source: 'billing' }),
    eventWith({ operation: 'LinkTouch', sender: 'Dave@acme.example', recipients: ['bob@example.net', 'Erin@example.net'] }),
  ]);
  // More than a batch holds, whatever its entries are.
  const properties = Array.from({ length: 60 }, (_, index) => ({ name: `Note${index}`, value: 'x'.repeat(4096) }));
  const creationTime = '2026-06-01T00:00:00.000Z';
  const large = Array.from({ length: 25 }, () => ({ messageId: '<large@acme.example>', creationTime, operationProperties: properties }));
  await record(large.map((fields) => eventWith(fields)));
  for (const query of [
    `messageId=${id}`,
    'messageId=large@acme.example',
    'from=2026-06-01T00:00:00Z&operation=MessageAccess',
    'sender=alice@acme.example&subject=spring',
    'messageId=trail@acme.example',
    'messageId=offer@acme.example&operationStatus=Failure',
    'recipient=ERIN@example.net',
    'recipient=bob@example.net&sender=dave@acme.example',
    'recipient=car*',
    'sender=dave@acme.example',
    'sender=*',
    'sender=alice@*&recipient=erin@example.net',
    'subject=spring%20budget',
    'operation=LinkTouch&operation=MessageSend',
    'authenticationMethod=Google',
    'authenticationStatus=Failure',
    'operationStatus=Failure&source=billing',
    'source=m365-import',
    'from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00.001Z',
    'recipient=bob@example.net&from=2026-02-01T00:00:00Z&to=2026-04-01T00:00:00Z',
    'recipient=nobody@example.net',
  ]) {
    const lines = (await exported(query)).lines.map(readExportedLine);
    const found = (await searched(query)).toReversed();
    expect([query, lines.map(textOf)]).toEqual([query, found.map(canonicalRecord)]);
    expect(lines.map(({ logIndex }) => logIndex)).toEqual(found.map(({ logIndex }) => logIndex));
    expect(lines.every(isTrueLine)).toBe(true);
    const rows: Record<string, string>[] = parse((await exported(`format=csv&${query}`)).text, { columns: true });
    expect(rows.map((row) => row['Id'])).toEqual(found.map((entry) => entry.id));
  }
});

test('200: NDJSON without filters is the log, place by place; what was erased leaves its place and its hash', async () => {
  const { headers, lines } = await exported();
  const before = lines.map(readExportedLine);
  expect(before.map(({ logIndex }) => logIndex)).toEqual(before.map((_, index) => index));
  expect(headers.get('x-signet-log-size')).toBe(String(before.length));
  expect(headers.get('content-type')).toBe('application/x-ndjson');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename=audit-entries-\d{4}-\d\d-\d\dT\d{6}Z\.ndjson$/);
  await asSuperuser(api.settings.DATABASE_URL, 'delete from audit_entry where log_index = 24');
  const after = (await exported()).lines.map(readExportedLine);
  expect(after).toEqual(before.map((line) => (line.logIndex === 24 ? { ...line, intact: null } : line)));
});

test('200: CSV has the documented header, RFC 4180, one line an entry, and no cell that a spreadsheet would run', async () => {
  await record([
    eventWith({
      messageId: '<formula@acme.example>',
      sender: '=cmd|a@acme.example',
      recipients: ['bob@example.net', '@sum@example.net', '＝x@example.net'],
      attachmentName: '+1.pdf',
      userAgent: '\t=1',
      operationProperties: [{ name: 'MailSubject', value: '=1+1, "quoted"' }],
      actor: { kind: 'integration', id: '-2+3', address: null },
    }),
  ]);
  const { text, headers } = await exported('format=csv&messageId=formula@acme.example');
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  const [head, line] = text.split('\r\n');
  expect(head).toBe(
    'CreationTime,Operation,MessageID,Recipient,Sender,AuthenticationMethod,AuthenticationStatus,OperationStatus,AttachmentName,OperationProperties,Id,Source,RecordedAt,OrganizationId,MessageUid,ActorKind,ActorId,ActorAddress,ClientIp,UserAgent,LogIndex,Hash',
  );
  expect(line).toContain(',"[{""name"":""MailSubject"",""value"":""=1+1, \\""quoted\\""""}]",');
  const [row]: Record<string, string>[] = parse(text, { columns: true });
  expect(row).toMatchObject({
    CreationTime: '2026-03-01T00:00:00.000Z',
    MessageID: '<formula@acme.example>',
    Recipient: "bob@example.net;'@sum@example.net;'＝x@example.net",
    Sender: "'=cmd|a@acme.example",
    AuthenticationMethod: 'OTP',
    AuthenticationStatus: 'Success',
    OperationStatus: 'Success',
    AttachmentName: "'+1.pdf",
    ActorId: "'-2+3",
    UserAgent: "'\t=1",
    MessageUid: '',
  });
  expect(JSON.parse(row?.['OperationProperties'] ?? '')).toEqual([{ name: 'MailSubject', value: '=1+1, "quoted"' }]);
});

test('200: m365 gives Microsoft’s records back unchanged, its five operations alone unless all are asked for', async () => {
  const records = (await exported('format=m365&source=m365-import')).lines;
  expect(records.map((line) => canonicalJson(JSON.parse(line)))).toEqual(golden.map((line) => canonicalJson(JSON.parse(line))));
  const operationsIn = async (query: string) =>
    new Set((await exported(query)).lines.map((line) => (JSON.parse(line) as { Operation: string }).Operation));
  expect(await operationsIn('format=m365')).toEqual(new Set(microsoftOperations));
  expect(await operationsIn('format=m365&operation=MessageForward')).toEqual(new Set(['MessageForward']));
  expect(await operationsIn('format=m365&include=all')).toEqual(new Set(operationNames));
  expect(await operationsIn('format=m365&include=all&operation=LinkTouch')).toEqual(new Set(['LinkTouch']));
  const refused = await ask(api, 'GET /v1/audit-entries/export?format=m365&operation=MessageAccess&operation=LinkTouch', { key });
  expect([refused.status, refused.body['errors']]).toEqual([
    400,
    [{ pointer: '/include', detail: 'must be “all”: LinkTouch is none of Microsoft’s operations' }],
  ]);
});

test('an export is on record before its first byte, with what was asked for and how large the log was', async () => {
  const { headers } = await exported('format=csv&operation=MessageAccess&sender=alice@acme.example');
  await ingestAll(api);
  const { body } = await ask(api, 'GET /v1/admin-records?action=AuditExport&limit=1', { key });
  const logSize = Number(headers.get('x-signet-log-size'));
  expect(body['items']).toMatchObject([
    {
      target: { kind: 'audit-log', id: null },
      after: { format: 'csv', operation: ['MessageAccess'], sender: 'alice@acme.example', logSize },
      status: 'Success',
    },
  ]);
});

/** What an export says of how sure it is: whether it is complete, and up to when. */
async function sureness(query: string): Promise<(string | null)[]> {
  const { headers } = await exported(query);
  return [headers.get('x-signet-complete'), headers.get('x-signet-indexed-through')];
}

test('an export says whether something was on its way into the log when it began, and up to when it is whole', async () => {
  const now = expect.stringMatching(/^20\d\d-\S+Z$/) as unknown;
  expect(await sureness('')).toEqual(['true', now]);
  const event = eventWith({ messageId: '<on-its-way@acme.example>', creationTime: '2026-05-01T10:00:00.000Z' });
  await scope.transaction((tx) => appendAuditEvents(tx, [event]));
  for (const query of ['', 'format=csv', 'messageId=on-its-way@acme.example', 'to=2026-05-01T10:00:00.001Z'])
    expect([query, await sureness(query)]).toEqual([query, ['false', '2026-05-01T10:00:00.000Z']]);
  expect(await sureness('to=2026-05-01T10:00:00.000Z')).toEqual(['true', '2026-05-01T10:00:00.000Z']);
  await ingestAll(api);
  expect(await sureness('messageId=on-its-way@acme.example')).toEqual(['true', now]);
});

test('nothing of another organization is exported, in any form, whatever is asked for', async () => {
  for (const format of ['ndjson', 'm365']) {
    for (const query of ['', '&messageId=offer@acme.example', '&recipient=bob@example.net', '&include=all']) {
      expect((await exported(`format=${format}${query}`, globex.apiKey)).text).toBe('');
    }
  }
  expect((await exported('format=csv', globex.apiKey)).text.trim().split('\r\n')).toHaveLength(1);
});

test('400 names what is wrong; 401; 403', async () => {
  const answer = await ask(api, 'GET /v1/audit-entries/export?format=xml&include=some&limit=5&from=yesterday', { key });
  expect(answer.status).toBe(400);
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
    '/format',
    '/from',
    '/include',
    '/limit',
  ]);
  expect((await ask(api, 'GET /v1/audit-entries/export')).status).toBe(401);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'no trail', scopes: ['messages:read'] } });
  expect((await ask(api, 'GET /v1/audit-entries/export', { key: String(weak.body['secret']) })).status).toBe(403);
});

/** An export of which nothing is read until somebody does; `closed` says whether it was whole in the end. */
async function unread(query = '', as = key): Promise<{ answer: IncomingMessage; closed: Promise<boolean> }> {
  const asked = httpRequest(`${api.url}/v1/audit-entries/export?${query}`, { headers: { authorization: `Bearer ${as}` } });
  asked.on('error', () => undefined);
  asked.end();
  const answer = await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve));
  answer.on('error', () => undefined);
  return { answer, closed: new Promise((resolve) => answer.once('close', () => resolve(answer.complete))) };
}

test('100,000 entries are exported as a search finds them, and one that comes meanwhile is left out', { timeout: 300_000 }, async () => {
  // Five hundred at each time.
  const time = "timestamptz '2026-01-01' + (number % 200) * interval '1 day'";
  await addBulkEntries(api.settings.DATABASE_URL, acme.organizationId, { count: 100_000, like: '<trail@acme.example>', time });
  const found = new Map(await inTurns(await searched(), (entry) => [entry.logIndex, canonicalRecord(entry)] as const));
  const lines = await inTurns((await exported()).lines, readExportedLine);
  expect(lines.length).toBeGreaterThan(100_000);
  const differing = lines.filter((line) => line.intact && found.get(line.logIndex) !== line.intact.text);
  expect(differing).toEqual([]);
  expect(lines.filter((line) => line.intact)).toHaveLength(found.size);
  const bulk = (await exported('format=m365&include=all&messageId=bulk-3@acme.example')).lines;
  expect(bulk).toHaveLength(10_000);

  const { answer } = await unread('format=csv');
  await record([eventWith({ creationTime: '2026-08-01T00:00:00.000Z', messageId: '<late@acme.example>' })]);
  answer.setEncoding('utf8');
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  expect(text.split('\r\n')).toHaveLength(found.size + 2);
  expect(text).not.toContain('late@acme.example');
});

/** Adds entries like one of the organization's, seven at each second from a time on. */
const addSevens = (message: string, count: number, from: string) =>
  addBulkEntries(api.settings.DATABASE_URL, acme.organizationId, {
    count,
    like: `<${message}@acme.example>`,
    time: `timestamptz '${from}' + (number / 7) * interval '1 second'`,
  });

test('what is rare among what no index leads to is exported whole, and so is what comes often again behind it', async () => {
  await record([
    eventWith({ messageId: '<failed@acme.example>', operationStatus: 'Failure', creationTime: '2025-05-01T00:00:00.000Z' }),
    eventWith({ messageId: '<done@acme.example>', creationTime: '2025-05-01T00:00:00.000Z' }),
  ]);
  // Success has no index: 300, then 15 among 9,000, then 300.
  await addSevens('done', 300, '2025-05-02');
  for (const hour of ['03', '06', '09']) {
    await addSevens('failed', 3_000, `2025-05-03 ${hour}:00`);
    await addSevens('done', 5, `2025-05-03 ${hour}:30`);
  }
  await addSevens('done', 300, '2025-05-04');
  const query = 'operationStatus=Success&from=2025-05-01T12:00:00Z&to=2025-05-05T00:00:00Z';
  const found = (await searched(query)).map(({ logIndex }) => logIndex);
  expect(found).toHaveLength(615);
  const lines = (await exported(query)).lines.map((line) => readExportedLine(line).logIndex);
  expect(lines).toEqual(found.toReversed());
});

test('429: one organization runs three exports at a time, another one is served beside them, and a reader who goes makes room', async () => {
  const running = [await unread(), await unread('format=csv'), await unread('format=m365&include=all')];
  const refused = await ask(api, 'GET /v1/audit-entries/export', { key });
  expect([refused.status, refused.body['code'], refused.headers.get('retry-after')]).toEqual([429, 'too_many_requests', '10']);
  expect((await exported('', globex.apiKey)).text).toBe('');
  for (const { answer } of running) answer.destroy();
  const statusOf = async () => (await ask(api, 'GET /v1/audit-entries/export?messageId=nothing@acme.example', { key })).status;
  await expect.poll(statusOf, { timeout: 30_000 }).toBe(200);
  expect(api.logLines.filter((line) => line.includes('the reader of an export went away')).length).toBeGreaterThanOrEqual(1);
});

test('a log that can no longer be read half-way breaks the connection: an export never ends cleanly that is not whole', async () => {
  for (const [query, table] of [
    ['', 'log_entry'],
    ['format=csv', 'audit_entry'],
    ['format=m365&include=all', 'audit_entry'],
  ]) {
    const { answer, closed } = await unread(query);
    await asSuperuser(api.settings.DATABASE_URL, `alter table ${table} rename to gone`);
    answer.resume();
    expect(await closed).toBe(false);
    expect((await ask(api, 'GET /v1/audit-entries/export', { key })).status).toBeGreaterThanOrEqual(500);
    await asSuperuser(api.settings.DATABASE_URL, `alter table gone rename to ${table}`);
    expect((await exported(`messageId=bulk-1@acme.example&${query}`)).text.length).toBeGreaterThan(0);
  }
});
