import { asSuperuser } from '@signet/db/testing/test-database';
import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { canonicalRecord } from '@signet/domain/audit/canonical-form';
import { isTrueLine, readExportedLine, type ExportedLine } from '@signet/domain/audit/exported-line';
import { readCheckpoint } from '@signet/domain/log/checkpoint';
import { rootByInclusion } from '@signet/domain/log/inclusion-proof';
import { leafHash } from '@signet/domain/log/merkle-tree';
import { readVerifierKey } from '@signet/domain/log/signed-note';
import { ExportVerifier } from '@signet/domain/log/verify-export';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { sealLogs } from '../testing/seal-logs.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;

const message = await submitMail(api, acme, { messageId: '<acts@acme.example>' });
for (const reason of ['=1+1, "quoted"', 'twice']) {
  await ask(api, `POST /v1/messages/${message}/revocation`, { key, body: { reason } });
  await ask(api, `POST /v1/messages/${message}/restoration`, { key, body: {} });
}
await ask(api, 'GET /v1/messages?limit=5', { key });
await ask(api, 'POST /v1/api-keys', { key, body: { name: 'weak', scopes: ['messages:read'] } });
await ingestAll(api);

async function exported(query = '', as = key) {
  const answer = await ask(api, `GET /v1/admin-records/export?${query}`, { key: as });
  expect(answer.status, answer.text).toBe(200);
  return { text: answer.text, headers: answer.headers, lines: answer.text.split('\n').slice(0, -1) };
}

/** All that a search finds, in the order of the log. */
async function searched(query = ''): Promise<AdminRecord[]> {
  const { body } = await ask(api, `GET /v1/admin-records?limit=5000&${query}`, { key });
  return (body['items'] as AdminRecord[]).toReversed();
}

async function pull(query = '', as = key) {
  const answer = await ask(api, `GET /v1/admin-records/feed?${query}`, { key: as });
  expect(answer.status, answer.text).toBe(200);
  const lines = answer.text.split('\n').slice(0, -1).map(readExportedLine);
  return { lines, next: Number(answer.headers.get('x-signet-next-after')) };
}

const textOf = (line: ExportedLine) => line.intact?.text ?? 'erased';
const indexesOf = (lines: readonly ExportedLine[]) => lines.map(({ logIndex }) => logIndex);

test('200: every filter exports what a search by it finds, in the order of the log, as lines and as CSV', async () => {
  for (const query of [
    'action=MessageRevoke&action=MessageRestore',
    `target=${message}`,
    'actor=nobody@acme.example',
    'status=Failure',
    'to=2020-01-01T00:00:00Z',
    'from=2020-01-01T00:00:00Z&action=MessageSearch',
  ]) {
    const found = await searched(query);
    const lines = (await exported(query)).lines.map(readExportedLine);
    expect([query, lines.map(textOf)]).toEqual([query, found.map(canonicalRecord)]);
    expect([indexesOf(lines), lines.every(isTrueLine)]).toEqual([found.map(({ logIndex }) => logIndex), true]);
    const rows: Record<string, string>[] = parse((await exported(`format=csv&${query}`)).text, { columns: true });
    expect(rows.map((row) => row['Id'])).toEqual(found.map(({ id }) => id));
  }
  expect(await searched('action=MessageRevoke')).toHaveLength(2);
});

test('200: CSV has one line a record, what was changed as JSON, and no cell that a spreadsheet would run', async () => {
  const { text, headers } = await exported('format=csv&action=MessageRevoke');
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename=admin-records-\d{4}-\d\d-\d\dT\d{6}Z\.csv$/);
  expect(text.split('\r\n')[0]).toBe(
    'CreationTime,Action,Status,ActorKind,ActorId,ActorAddress,TargetKind,TargetId,Reason,Before,After,ClientIp,UserAgent,Id,RecordedAt,OrganizationId,LogIndex,Hash',
  );
  const [row]: Record<string, string>[] = parse(text, { columns: true });
  const [record] = await searched('action=MessageRevoke');
  expect(row).toMatchObject({ Action: 'MessageRevoke', TargetId: message, Reason: '\'=1+1, "quoted"', LogIndex: String(record?.logIndex) });
  expect(JSON.parse(row?.['After'] ?? '')).toEqual(record?.after);
});

test('the whole log, taken away, agrees with its signed checkpoint without the server; a changed byte is named by its place', async () => {
  await ingestAll(api);
  await sealLogs(api, acme.organizationId);
  const { body } = await ask(api, 'GET /v1/logs', { key });
  const logs = body['items'] as { stream: string; keys: { verifierKey: string }[] }[];
  const verifierKey = readVerifierKey(logs.find(({ stream }) => stream === 'admin')?.keys[0]?.verifierKey ?? '');
  const note = await ask(api, `GET /v1/logs/${acme.organizationId}/admin/checkpoint`, { key });
  const checkpoint = readCheckpoint(note.text, verifierKey);
  const { lines, headers } = await exported();
  expect([lines.length, headers.get('x-signet-log-size')]).toEqual([checkpoint.size, String(checkpoint.size)]);
  const verify = (given: readonly string[]) => {
    const verifier = new ExportVerifier([checkpoint]);
    for (const line of given) {
      const difference = verifier.take(line);
      if (difference) return difference;
    }
    return verifier.finish();
  };
  expect(verify(lines)).toEqual({ covered: lines.length, newer: 0 });
  const index = lines.findIndex((line) => line.includes('"twice"'));
  expect(index).toBeGreaterThan(0);
  expect(verify(lines.with(index, lines[index]?.replace('"twice"', '"twicf"') ?? ''))).toMatchObject({ index });
  expect(verify(lines.toSpliced(index, 1))).toMatchObject({ index });
});

test('200: a record is read by its id and proved by what the answer holds; both are on record', async () => {
  const [record] = await searched('action=MessageRevoke');
  const id = record?.id ?? '';
  const path = `/v1/admin-records/${id}` as const;
  expect(await ask(api, `GET ${path}`, { key })).toMatchObject({ status: 200, body: record });
  await ingestAll(api);
  await sealLogs(api, acme.organizationId);
  const { status, body } = await ask(api, `GET ${path}/proof`, { key });
  expect(status).toBe(200);
  const proof = body as { logIndex: number; record: string; salt: string; hash: string; proof: string[]; checkpoint: string };
  expect([proof.logIndex, proof.record]).toEqual([record?.logIndex, canonicalRecord(record ?? {})]);
  const line = readExportedLine((await exported('action=MessageRevoke')).lines[0] ?? '');
  expect([proof.hash, proof.salt]).toEqual([Buffer.from(line.hash).toString('hex'), Buffer.from(line.intact?.salt ?? []).toString('hex')]);
  const logs = (await ask(api, 'GET /v1/logs', { key })).body['items'] as { stream: string; keys: { verifierKey: string }[] }[];
  const verifierKey = readVerifierKey(logs.find(({ stream }) => stream === 'admin')?.keys[0]?.verifierKey ?? '');
  const { size, root } = readCheckpoint(proof.checkpoint, verifierKey);
  const beside = proof.proof.map((each) => Buffer.from(each, 'hex'));
  expect(Buffer.from(rootByInclusion(leafHash(line.hash), proof.logIndex, size, beside) ?? [])).toEqual(Buffer.from(root));

  await ingestAll(api);
  const reads = await searched(`target=${id}`);
  expect(reads.map(({ action, target }) => [action, target.kind])).toEqual([
    ['AdminRecordSearch', 'admin-record'],
    ['LogRead', 'admin-record'],
  ]);
  const newest = (await searched()).at(-1);
  expect((await ask(api, `GET /v1/admin-records/${newest?.id ?? ''}/proof`, { key })).body['code']).toBe('checkpoint_pending');
});

test('the feed gives every place once, in order; that it was read is on record and comes with it, and a poll does not fill the log', async () => {
  await ingestAll(api);
  const seen: ExportedLine[] = [];
  let after = -1;
  for (let isOver = false; !isOver;) {
    const { lines, next } = await pull(`after=${after}&limit=7`);
    seen.push(...lines);
    isOver = lines.length === 0;
    after = next;
  }
  expect(indexesOf(seen)).toEqual(seen.map((_, index) => index));
  expect(seen.every((line) => line.intact && isTrueLine(line))).toBe(true);

  await ingestAll(api);
  const reads = await pull(`after=${after}&limit=5000`);
  expect(new Set(reads.lines.map((line) => (JSON.parse(textOf(line)) as AdminRecord).action))).toEqual(new Set(['AdminRecordFeedRead']));
  await ingestAll(api);
  expect((await pull(`after=${reads.next}`)).lines).toEqual([]);
  const beyond = await ask(api, `GET /v1/admin-records/feed?after=${reads.next + 1}`, { key });
  expect([beyond.status, (beyond.body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([400, '/after']);
});

test('an export is on record before its first byte, with what was asked for and how large the log was', async () => {
  const { headers } = await exported('format=csv&action=MessageRevoke&status=Success');
  await ingestAll(api);
  const last = (await searched('action=AdminRecordExport')).at(-1);
  const logSize = Number(headers.get('x-signet-log-size'));
  expect(last).toMatchObject({
    target: { kind: 'admin-log', id: null },
    after: { format: 'csv', action: ['MessageRevoke'], status: 'Success', logSize },
    status: 'Success',
  });
  expect(last?.logIndex).toBeGreaterThanOrEqual(logSize);
});

test('of another organization neither export nor feed has anything, whatever is asked for', async () => {
  const ids = new Set((await searched()).map(({ id }) => id));
  const theirs = (await exported('', globex.apiKey)).lines.map((line) => (JSON.parse(textOf(readExportedLine(line))) as AdminRecord).id);
  expect(theirs.length).toBeGreaterThan(0);
  expect(theirs.filter((id) => ids.has(id))).toEqual([]);
  expect((await exported(`target=${message}`, globex.apiKey)).text).toBe('');
  const { lines } = await pull('', globex.apiKey);
  expect(lines.filter((line) => ids.has((JSON.parse(textOf(line)) as AdminRecord).id))).toEqual([]);
});

test('large records end a batch, and the walk goes on behind it; a place whose record is gone keeps its line', async () => {
  const before = (await exported()).lines.length;
  await asSuperuser(
    api.settings.DATABASE_URL,
    `with head as (
         update log_head set size = size + 60 where organization_id = '${acme.organizationId}' and stream = 'admin' returning size - 60 as first
       ), sample as (
         select r.* from admin_record r where r.organization_id = '${acme.organizationId}' and r.action = 'MessageSearch' limit 1
       ), added as (
         insert into admin_record select organization_id, first + number, gen_random_uuid(), creation_time, action, actor_id, target_kind, target_id,
           json_build_object('reason', repeat('x', 100000)), salt from sample, head, generate_series(0, 59) as number
       )
       insert into log_entry select organization_id, 'admin', first + number, salt from sample, head, generate_series(0, 59) as number`,
  );
  const whole = (await exported()).lines.map(readExportedLine);
  expect(indexesOf(whole)).toEqual(whole.map((_, index) => index));
  expect(whole.length).toBeGreaterThanOrEqual(before + 60);
  expect((await exported('action=MessageSearch')).lines.length).toBeGreaterThanOrEqual(60);
  await asSuperuser(api.settings.DATABASE_URL, `delete from admin_record where log_index = ${before + 3}`);
  const after = (await exported()).lines.map(readExportedLine);
  expect(after.flatMap(({ logIndex, intact }) => (intact ? [] : [logIndex]))).toEqual([before + 3]);
});

test('400 names what is wrong; 401; 403, and the refusal is on record', async () => {
  const answer = await ask(api, 'GET /v1/admin-records/export?format=m365&limit=5&from=yesterday', { key });
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual(['/format', '/from', '/limit']);
  expect((await ask(api, 'GET /v1/admin-records/export')).status).toBe(401);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'no records', scopes: ['audit:read'] } });
  for (const path of ['export', 'feed', message, `${message}/proof`] as const) {
    expect((await ask(api, `GET /v1/admin-records/${path}`, { key: String(weak.body['secret']) })).status, path).toBe(403);
  }
  await ingestAll(api);
  expect((await searched('action=AdminRecordExport&status=Failure')).length).toBe(1);
});
