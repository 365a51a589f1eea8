import { readFileSync } from 'node:fs';
import { WAITING_EVENTS } from '@signet/db/outbox';
import { asSuperuser } from '@signet/db/testing/test-database';
import { canonicalJson } from '@signet/domain/audit/canonical-form';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;

const golden = readFileSync(new URL('../../../../packages/domain/test-data/microsoft-records.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const [first = '', second = ''] = golden;
const withId = (changes: object = {}) => JSON.stringify({ ...(JSON.parse(first) as object), Id: crypto.randomUUID(), ...changes });

interface Report {
  id: string;
  endedAt: string | null;
  records: number;
  accepted: number;
  duplicates: number;
  refused: number;
  refusals: { line: number; reason: string }[];
}

async function send(file: string | Uint8Array<ArrayBuffer>, { as = key, type = 'application/x-ndjson', query = '' } = {}) {
  const headers = { 'content-type': type, authorization: `Bearer ${as}` };
  const response = await fetch(`${api.url}/v1/audit-imports${query}`, { method: 'POST', headers, body: file });
  const text = await response.text();
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text,
    body: JSON.parse(text) as Report & { code?: string; errors?: unknown },
  };
}

async function taken(file: string | Uint8Array<ArrayBuffer>, options: Parameters<typeof send>[1] = {}): Promise<Report> {
  const { status, text, body } = await send(file, options);
  expect(status, text).toBe(202);
  return body;
}

/** A page of the list. */
async function listed(query = '', as = key): Promise<{ items: Omit<Report, 'refusals'>[]; nextCursor: string | null }> {
  const { status, text } = await ask(api, `GET /v1/audit-imports${query}`, { key: as });
  expect(status, text).toBe(200);
  return JSON.parse(text) as Awaited<ReturnType<typeof listed>>;
}

async function exportedRecords(as = key): Promise<unknown[]> {
  await ingestAll(api);
  const { text } = await ask(api, 'GET /v1/audit-entries/export?format=m365&source=m365-import', { key: as });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

const canonical = (records: readonly unknown[]) => records.map(canonicalJson).toSorted();
const withSubject = (subject: string) => withId({ OperationProperties: [{ Name: 'MailSubject', Value: subject }] });
const utf16 = (text: string) => Buffer.from(`\u{feff}${text}`, 'utf16le');
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test('202: what Microsoft wrote is read and written back unchanged, in every organization that imports it; the same again is a duplicate', async () => {
  const report = await taken(`${golden.join('\r\n')}\r\n\r\n`);
  expect(report).toMatchObject({ records: 2, accepted: 2, duplicates: 0, refused: 0, refusals: [], endedAt: expect.stringMatching(/Z$/) });
  expect(canonical(await exportedRecords())).toEqual(canonical(golden.map((line) => JSON.parse(line))));
  expect(await taken(golden.join('\n'))).toMatchObject({ records: 2, accepted: 0, duplicates: 2, refused: 0 });
  expect(await exportedRecords()).toHaveLength(2);
  expect(await exportedRecords(globex.apiKey)).toEqual([]);
  expect(await taken(golden.join('\n'), { as: globex.apiKey })).toMatchObject({ accepted: 2, duplicates: 0 });
  expect(canonical(await exportedRecords(globex.apiKey))).toEqual(canonical(golden.map((line) => JSON.parse(line))));
});

test('202: the CSV of Export-Csv, with its line of types, cells of several lines and AuditData anywhere; and objects that hold AuditData', async () => {
  const spelling = withId({ Operation: 'AuthenticationRequest', Something: { new: [1] } });
  const rows = [
    ['RecordType', 'Note', 'AuditData', 'Identity'],
    ['154', 'two\r\nlines', spelling, 'x'],
    ['154', '', second, 'y'],
    ['154', '', '{"CreationTime":', 'z'],
    ['154'],
  ];
  const csv = `\u{feff}#TYPE Selected.System.Management\r\n${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
  const report = await taken(csv, { type: 'text/csv; charset=utf-8' });
  expect(report).toMatchObject({ records: 4, accepted: 1, duplicates: 1, refused: 2 });
  expect(report.refusals).toEqual([
    { line: 6, reason: 'is not JSON' },
    { line: 7, reason: 'is not JSON' },
  ]);
  expect(await taken(JSON.stringify({ RecordType: 154, AuditData: spelling }))).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(await exportedRecords()).toContainEqual(JSON.parse(spelling));
  const { body } = await ask(api, 'GET /v1/audit-entries?source=m365-import&operation=AuthenticateRequest', { key });
  expect(body['items']).toHaveLength(1);
});

test('202: UTF-16 with its byte order mark, as Windows PowerShell writes it, is read as UTF-8 is', async () => {
  const records = Array.from({ length: 4 }, () => withSubject('Grüße → 東京 🗝'));
  const [one = '', other = '', third = '', fourth = ''] = records;
  const csv = ['#TYPE X', '"A","AuditData"', `"ü",${quoted(fourth)}`, '"ü","{"'].join('\r\n');
  for (const file of [utf16(`${one}\r\n{\r\n`), utf16(`${other}\n{`).swap16(), Buffer.from(`\u{feff}${third}\n{`)])
    expect(await taken(file)).toMatchObject({ records: 2, accepted: 1, refusals: [{ line: 2, reason: 'is not JSON' }] });
  expect(await taken(utf16(csv), { type: 'text/csv' })).toMatchObject({ records: 2, accepted: 1, refusals: [{ line: 4 }] });
  const exported = await exportedRecords();
  for (const record of records) expect(exported).toContainEqual(JSON.parse(record));
});

test('400: what is not in its encoding is refused as a whole, with what mends it, and the mended file is taken', async () => {
  const damaged = withSubject('Grüße');
  const file = `${withId()}\n${damaged}\n${withId()}\n`;
  const before = await listed();
  const refused: [Buffer<ArrayBuffer>, RegExp][] = [
    [Buffer.from(file, 'latin1'), /^is not UTF-8 throughout, .*: save or export it as UTF-8$/],
    [Buffer.from(`\u{feff}${file}`, 'utf16le').subarray(0, -1), /^is not UTF-16 throughout, .*: save or export it as UTF-8$/],
  ];
  for (const [bytes, detail] of refused) {
    const { status, body } = await send(bytes);
    expect([status, body.code, body.errors]).toEqual([
      400,
      'validation_failed',
      [{ pointer: '', detail: expect.stringMatching(detail) as string }],
    ]);
  }
  expect(await listed()).toEqual(before);
  expect(await taken(file)).toMatchObject({ records: 3, accepted: 3 });
  expect(await exportedRecords()).toContainEqual(JSON.parse(damaged));
});

test('202: a bad record is refused by its line, for its reason and without its content, and holds up no other', async () => {
  const changed = JSON.stringify({ ...(JSON.parse(first) as object), Sender: 'secret@m365.example' });
  const later = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19);
  const lines = [
    withId(),
    changed,
    withId({ RecordType: 2 }),
    'secret',
    withId({ Recipient: '' }),
    withId({ CreationTime: later }),
    withId(),
  ];
  const { id, ...report } = await taken(lines.join('\n'));
  expect(report).toMatchObject({ records: 7, accepted: 2, duplicates: 0, refused: 5 });
  expect(new Set(report.refusals.map(({ line }) => line))).toEqual(new Set([2, 3, 4, 5, 6]));
  const reasonAt = (wanted: number) => report.refusals.find(({ line }) => line === wanted)?.reason;
  expect(reasonAt(2)).toBe('Id: is known with other content');
  expect(reasonAt(3)).toMatch(/^RecordType: /);
  expect(reasonAt(5)).toMatch(/^Recipient: /);
  expect(reasonAt(6)).toMatch(/^CreationTime: must not be more than 5 minutes ahead/);
  expect(JSON.stringify(report)).not.toContain('secret');
  expect((await ask(api, `GET /v1/audit-imports/${id}`, { key })).body).toEqual({ id, ...report });
  expect((await ask(api, `GET /v1/audit-imports/${id}`, { key: globex.apiKey })).status).toBe(404);
});

test('202: thousands at once, of which the report counts all and names a hundred; and the act is on record', async () => {
  const good = Array.from({ length: 1_200 }, () => withId());
  const { refusals, id, ...report } = await taken([...good, ...Array.from({ length: 150 }, () => '{}')].join('\n'));
  expect(report).toMatchObject({ records: 1_350, accepted: 1_200, refused: 150 });
  expect(refusals).toHaveLength(100);
  expect(refusals[99]?.line).toBe(1_300);
  await ingestAll(api);
  const { body } = await ask(api, 'GET /v1/admin-records?action=AuditImport&limit=1', { key });
  expect(body['items']).toMatchObject([{ target: { kind: 'audit-import', id }, after: { records: 1_350 } }]);
});

test('a piece of a larger file says where it stands there, and the file’s lines are named, then and later', async () => {
  const { id, refusals } = await taken(`${withId()}\n{}`, { query: '?lineOffset=7000' });
  expect(refusals).toMatchObject([{ line: 7_002 }]);
  expect((await ask(api, `GET /v1/audit-imports/${id}`, { key })).body['refusals']).toEqual(refusals);
  for (const wrong of ['-1', '1.5', 'x']) expect((await send(first, { query: `?lineOffset=${wrong}` })).status).toBe(400);
});

test('imports are listed newest first, page by page and without their refused lines, and each organization sees its own', async () => {
  const sent: Report[] = [];
  for (const file of [withId(), `${withId()}\n{}`, withId()]) sent.unshift(await taken(file));
  const { items: own } = await listed();
  expect(own.slice(0, 3).map((each) => ({ ...each, refusals: expect.any(Array) as unknown }))).toEqual(sent);
  expect(own.slice(0, 3).map(({ refused }) => refused)).toEqual([0, 1, 0]);
  expect(own.filter((each) => 'refusals' in each)).toEqual([]);
  const newest = await listed('?limit=2');
  expect(newest.items).toEqual(own.slice(0, 2));
  const rest = await listed(`?limit=500&cursor=${newest.nextCursor}`);
  expect(rest).toEqual({ items: own.slice(2), nextCursor: null });

  const theirs = await taken(withId(), { as: globex.apiKey });
  const { items: seen } = await listed('', globex.apiKey);
  expect(seen[0]?.id).toBe(theirs.id);
  expect(seen.filter(({ id }) => own.some((each) => each.id === id))).toEqual([]);
  expect((await listed()).items).toEqual(own);
  for (const query of [`cursor=${newest.nextCursor}`, 'limit=501'])
    expect((await ask(api, `GET /v1/audit-imports?${query}`, { key: globex.apiKey })).status).toBe(400);
});

test('an import that broke off has no end and says how far it came; the same file again takes the rest', async () => {
  const file = Array.from({ length: 1_200 }, () => withId()).join('\n');
  await asSuperuser(
    api.settings.DATABASE_URL,
    `create function break_off() returns trigger language plpgsql as $$ begin raise 'no more'; end $$;
     create trigger break_off before update on audit_import for each row when (new.accepted > 500) execute function break_off()`,
  );
  try {
    expect((await send(file)).status).toBe(500);
  } finally {
    await asSuperuser(api.settings.DATABASE_URL, 'drop function break_off cascade');
  }
  const { items } = await listed('?limit=1');
  expect(items).toMatchObject([{ endedAt: null, records: 1_200, accepted: 500, duplicates: 0, refused: 0 }]);
  expect(await taken(file)).toMatchObject({ records: 1_200, accepted: 700, duplicates: 500, refused: 0 });
});

test('400: what is neither form, or has no records; 401; 403; 413; 415', async () => {
  for (const file of ['', 'no records', 'a,b\n1,2\n', '[{}]', '"open']) {
    const { status, body } = await send(file, { type: 'text/csv' });
    expect([file, status, body.code]).toEqual([file, 400, 'validation_failed']);
  }
  expect((await ask(api, 'POST /v1/audit-imports')).status).toBe(401);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'no writing', scopes: ['audit:read'] } });
  expect((await send(first, { as: String(weak.body['secret']) })).status).toBe(403);
  expect((await ask(api, 'GET /v1/audit-imports', { key: String(weak.body['secret']) })).status).toBe(403);
  expect((await send(first, { type: 'text/plain' })).status).toBe(415);
  expect((await send('x'.repeat(17 * 1024 * 1024))).status).toBe(413);
});

test('429 with Retry-After while more events wait than may wait, and nothing is taken; another organization’s records are', async () => {
  const before = await listed();
  await api.database.system.query(
    `insert into outbox (organization_id, kind, payload, event_time) select $1, 'ingest-audit-event', '{}', now() from generate_series(0, $2)`,
    [acme.organizationId, WAITING_EVENTS],
  );
  const answer = await send(withId());
  expect([answer.status, answer.body.code, answer.retryAfter]).toEqual([429, 'too_many_requests', '10']);
  expect(await listed()).toEqual(before);
  expect((await send(withId(), { as: globex.apiKey })).status).toBe(202);
  await asSuperuser(
    api.settings.DATABASE_URL,
    `delete from outbox where organization_id = '${acme.organizationId}' and payload::text = '{}'`,
  );
  expect((await send(withId())).status).toBe(202);
});
