import { asSuperuser } from '@signet/db/testing/test-database';
import { ingestAuditEvents } from '@signet/db/ingest';
import { openMemberSession } from '@signet/db/member-session';
import { setMember } from '@signet/db/organization';
import { isTrueLine, readExportedLine, type ExportedLine } from '@signet/domain/audit/exported-line';
import { expect, test } from 'vitest';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;

/** One pull, and what it says about the next one. */
async function pull(query = '', as = key) {
  const answer = await ask(api, `GET /v1/audit-entries/feed?${query}`, { key: as });
  expect(answer.status, answer.text).toBe(200);
  const lines = answer.text.split('\n').slice(0, -1).map(readExportedLine);
  return { lines, next: Number(answer.headers.get('x-signet-next-after')), size: Number(answer.headers.get('x-signet-log-size')) };
}

/** Whether a pull says that nothing is on its way into the log. */
async function isComplete(after: number): Promise<boolean> {
  const { headers } = await ask(api, `GET /v1/audit-entries/feed?after=${after}`, { key });
  expect(headers.get('x-signet-indexed-through')).toMatch(/^20\d\d-\S+Z$/);
  return headers.get('x-signet-complete') === 'true';
}

/** Adds events as another system does, without their becoming entries. */
async function add(count: number, as = key): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    id: crypto.randomUUID(),
    operation: 'AttachmentReview',
    creationTime: new Date(Date.UTC(2026, 2, 1, 0, 0, index % 60)).toISOString(),
    messageId: '<feed@acme.example>',
    sender: 'alice@acme.example',
    recipients: ['bob@example.net'],
    operationStatus: 'Success',
  }));
  expect((await ask(api, 'POST /v1/audit-events', { key: as, body: { events } })).status).toBe(202);
}

const indexesOf = (lines: readonly ExportedLine[]) => lines.map(({ logIndex }) => logIndex);
const firstIndexes = (count: number) => Array.from({ length: count }, (_, index) => index);

test('200: from nothing to the end, piece by piece; nothing new is an answer without lines, and each read is on record', async () => {
  expect(await pull()).toEqual({ lines: [], next: -1, size: 0 });
  await add(25);
  expect(await pull('after=-1')).toEqual({ lines: [], next: -1, size: 0 });
  expect(await isComplete(-1)).toBe(false);
  await ingestAll(api);
  expect(await isComplete(24)).toBe(true);
  const pieces = [await pull('limit=10'), await pull('after=9&limit=10'), await pull('after=19&limit=10'), await pull('after=24')];
  expect(pieces.map(({ next, size }) => [next, size])).toEqual([
    [9, 25],
    [19, 25],
    [24, 25],
    [24, 25],
  ]);
  const lines = pieces.flatMap((piece) => piece.lines);
  expect(indexesOf(lines)).toEqual(firstIndexes(25));
  expect(lines.every((line) => line.intact && isTrueLine(line))).toBe(true);

  await ingestAll(api);
  const { body } = await ask(api, 'GET /v1/admin-records?action=AuditFeedRead', { key });
  expect((body['items'] as { after: unknown }[]).map(({ after }) => after)).toEqual([
    { after: 19, count: 5 },
    { after: 9, count: 10 },
    { after: -1, count: 10 },
  ]);
});

test('an erased entry keeps its line; another organization has a log of its own', async () => {
  await asSuperuser(api.settings.DATABASE_URL, 'delete from audit_entry where log_index = 3');
  const { lines } = await pull('after=1&limit=3');
  expect(lines.map(({ logIndex, intact }) => [logIndex, intact === null])).toEqual([
    [2, false],
    [3, true],
    [4, false],
  ]);
  expect((await pull('', globex.apiKey)).lines).toEqual([]);
});

test('while entries are added by several at once no pull ever has a gap, and together they are the log', { timeout: 120_000 }, async () => {
  const { next: start } = await pull('limit=5000');
  const rounds = 12;
  for (let round = 0; round < rounds; round += 1) {
    await add(100);
    await add(20, globex.apiKey);
  }
  const waiting = await api.database.system.query<{ id: number }>(
    "select id from outbox where kind = 'ingest-audit-event' order by md5(id::text)",
  );
  const ids = waiting.map(({ id }) => String(id));
  const state = { left: 4 };
  const workers = Array.from({ length: 4 }, async (_, worker) => {
    const share = ids.filter((_id, index) => index % 4 === worker);
    for (let at = 0; at < share.length; at += 7) await ingestAuditEvents(api.database.system, share.slice(at, at + 7));
    state.left -= 1;
  });
  const seen: ExportedLine[] = [];
  const follow = async () => {
    let after = start;
    for (let isOver = false; !isOver;) {
      const wasOver = state.left === 0;
      const piece = await pull(`after=${after}&limit=50`);
      seen.push(...piece.lines);
      after = piece.next;
      isOver = wasOver && piece.lines.length === 0;
    }
  };
  await Promise.all([...workers, follow()]);
  expect(indexesOf(seen)).toEqual(firstIndexes(100 * rounds).map((index) => start + 1 + index));
  expect(seen.every((line) => line.intact && isTrueLine(line))).toBe(true);
});

test('the place that a key asks from is kept, with when it moved and when it came last, so that one that stops is missed; a member’s is not', async () => {
  const made = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'SIEM', scopes: ['audit:read'] } });
  const siem = String(made.body['secret']);
  await add(5);
  await ingestAll(api);
  const { system } = api.database;
  const reader = async () =>
    (
      await system.query<{ next: number; isNew: boolean; moved: boolean; came: boolean }>(
        `select next_index as next, first_read_at > now() - interval '1 minute' as "isNew", moved_at > now() - interval '1 minute' as moved,
           read_at > now() - interval '1 minute' as came from feed_reader where api_key_id = $1::uuid`,
        [made.body['id']],
      )
    )[0];
  const passTwoMinutes = () =>
    system.query(
      "update feed_reader set first_read_at = first_read_at - interval '2 minutes', moved_at = moved_at - interval '2 minutes', read_at = read_at - interval '2 minutes'",
    );
  expect(await reader()).toBeUndefined();
  // What it was sent it may never have got: that it has it shows in where it asks from next.
  await pull('after=-1&limit=2', siem);
  expect(await reader()).toEqual({ next: 0, isNew: true, moved: true, came: true });
  await passTwoMinutes();
  await pull('after=-1&limit=4', siem);
  expect(await reader()).toEqual({ next: 0, isNew: false, moved: false, came: true });
  await passTwoMinutes();
  await pull('after=3&limit=1', siem);
  expect(await reader()).toEqual({ next: 4, isNew: false, moved: true, came: true });
  await passTwoMinutes();
  expect((await ask(api, 'GET /v1/audit-entries/feed?after=999999', { key: siem })).status).toBe(400);
  expect(await reader()).toEqual({ next: 4, isNew: false, moved: false, came: false });

  const readers = () => system.query('select * from feed_reader order by api_key_id');
  const before = await readers();
  const scope = api.database.forOrganization(acme.organizationId);
  const token = newToken();
  const memberId = await scope.administer((tx) => setMember(tx, { email: 'audit@acme.example', role: 'auditor', passwordHash: 'none' }));
  await scope.transaction((tx) =>
    openMemberSession(tx, { memberId, tokenHash: hashOfSecret(token), factors: ['password'], clientIp: null, userAgent: null }),
  );
  const headers = { ...api.portalHeaders(), authorization: `Bearer ${token}` };
  expect((await ask(api, 'GET /v1/audit-entries/feed?after=1', { headers })).status).toBe(200);
  expect(await readers()).toEqual(before);
});

test('400: an after beyond the end of the log, and what is no index; 401; 403', async () => {
  const { next } = await pull('limit=5000');
  const beyond = await ask(api, `GET /v1/audit-entries/feed?after=${next + 1}`, { key });
  expect([beyond.status, beyond.body['errors']]).toEqual([
    400,
    [{ pointer: '/after', detail: `must lie in the log, which has ${next + 1} places` }],
  ]);
  const wrong = await ask(api, 'GET /v1/audit-entries/feed?after=-2&limit=5001&from=2026-01-01T00:00:00Z', { key });
  expect((wrong.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual(['/after', '/from', '/limit']);
  expect((await ask(api, 'GET /v1/audit-entries/feed')).status).toBe(401);
  const weak = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'no trail', scopes: ['messages:read'] } });
  expect((await ask(api, 'GET /v1/audit-entries/feed', { key: String(weak.body['secret']) })).status).toBe(403);
});
