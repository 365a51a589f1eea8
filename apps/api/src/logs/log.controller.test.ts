import { createHmac } from 'node:crypto';
import { createApiKey } from '@signet/db/api-key';
import type { Permission } from '@signet/domain/role';
import { readCheckpoint } from '@signet/domain/log/checkpoint';
import { rootByInclusion } from '@signet/domain/log/inclusion-proof';
import { leafHash } from '@signet/domain/log/merkle-tree';
import { readNote, readVerifierKey } from '@signet/domain/log/signed-note';
import { rootOfTiles } from '@signet/domain/log/tile';
import { expect, test } from 'vitest';
import { hashOfSecret, newApiKeySecret } from '../authentication/secret.ts';
import { sealLogs } from '../testing/seal-logs.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const { organizationId } = acme;
const base = `/v1/logs/${organizationId}` as const;

interface Listed {
  readonly stream: string;
  readonly origin: string;
  readonly state: string;
  readonly entries: number;
  readonly size: number;
  readonly keys: readonly { readonly verifierKey: string; readonly signsUntil: string | null }[];
}

const get = (path: `/${string}`, key = acme.apiKey) => ask(api, `GET ${path}`, { key });

async function logOf(stream: string, key = acme.apiKey): Promise<Listed> {
  const { body } = await get('/v1/logs', key);
  const found = (body['items'] as Listed[]).find((log) => log.stream === stream);
  if (!found) throw new Error('There is no such log');
  return found;
}

/** The log's key, as somebody has it who took it once. */
const keyOf = (log: Listed) => readVerifierKey(log.keys[0]?.verifierKey ?? '');

async function record(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push(await submitMail(api, acme, { messageId: `<${crypto.randomUUID()}@acme.example>` }));
  await ingestAll(api);
  return ids;
}

async function entryOf(message: string): Promise<{ id: string; logIndex: number }> {
  const { body } = await get(`/v1/audit-entries?messageId=${message}&operation=MessageSend`);
  const [entry] = body['items'] as { id: string; logIndex: number }[];
  if (!entry) throw new Error('The message left no entry');
  return entry;
}

async function newKey(scopes: readonly Permission[]): Promise<string> {
  const secret = newApiKeySecret();
  const createdBy = { kind: 'system', id: null, address: null, name: 'Signet' } as const;
  await api.database
    .forOrganization(organizationId)
    .administer((tx) => createApiKey(tx, { name: secret.slice(-8), hint: 'sk_…', secretHash: hashOfSecret(secret), scopes, createdBy }));
  return secret;
}

test('before anything is signed a log is pending, has no checkpoint and no tile, and an entry waits for its proof', async () => {
  const [message = ''] = await record(1);
  expect(await logOf('audit')).toMatchObject({ state: 'pending', size: 0, checkpointAt: null, refusal: null, check: null, keys: [] });
  expect((await get(`${base}/audit/checkpoint`)).status).toBe(404);
  expect((await get(`${base}/audit/tile/0/000.p/1`)).status).toBe(404);
  const pending = await get(`/v1/audit-entries/${(await entryOf(message)).id}/proof`);
  expect(pending).toMatchObject({ status: 409, body: { code: 'checkpoint_pending' } });
});

test('a published checkpoint is a signed note of the log’s name, its tiles give its root, and caches of others keep neither', async () => {
  await record(2);
  await sealLogs(api, organizationId);
  for (const stream of ['audit', 'admin']) {
    const log = await logOf(stream);
    expect(log.origin).toBe(`localhost:3000/logs/${organizationId}/${stream}`);
    const note = await get(`${base}/${stream}/checkpoint`);
    expect(note.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(note.headers.get('cache-control')).toBe('private, no-cache');
    const { size, root } = readCheckpoint(note.text, keyOf(log));
    expect(size).toBe(log.size);
    const tile = await fetch(`${api.url}${base}/${stream}/tile/0/000.p/${size}`, { headers: { authorization: `Bearer ${acme.apiKey}` } });
    expect(tile.headers.get('content-type')).toBe('application/octet-stream');
    expect(tile.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    const hashes = new Uint8Array(await tile.arrayBuffer());
    expect(hashes).toHaveLength(32 * size);
    expect(Buffer.from(rootOfTiles(size, () => hashes))).toEqual(Buffer.from(root));
  }
});

test('what is recorded and not signed yet is in no tile', async () => {
  await sealLogs(api, organizationId);
  const { size } = await logOf('audit');
  await record(1);
  expect(await logOf('audit')).toMatchObject({ state: 'pending', size, entries: size + 1 });
  expect((await get(`${base}/audit/tile/0/000.p/${size}`)).status).toBe(200);
  expect((await get(`${base}/audit/tile/0/000.p/${size + 1}`)).status).toBe(404);
  expect((await get(`${base}/audit/tile/0/000`)).status).toBe(404);
  expect((await get(`${base}/audit/tile/0/001.p/1`)).status).toBe(404);
  for (const path of ['nothing', '0/1', '0/000/extra', '0/x000/001', '0/..%2f000', '1/000.p/1']) {
    expect((await get(`${base}/audit/tile/${path}`)).status, path).toBe(404);
  }
  await sealLogs(api, organizationId);
  expect((await get(`${base}/audit/tile/0/000.p/${size + 1}`)).status).toBe(200);
});

test('an entry is proved by what the answer holds and the log’s key alone, and that it was asked for is on record', async () => {
  const messages = await record(3);
  await sealLogs(api, organizationId);
  const key = keyOf(await logOf('audit'));
  for (const message of messages) {
    const { id, logIndex } = await entryOf(message);
    const { status, body } = await get(`/v1/audit-entries/${id}/proof`);
    expect(status).toBe(200);
    const proof = body as { logIndex: number; record: string; salt: string; hash: string; proof: string[]; checkpoint: string };
    expect(proof.logIndex).toBe(logIndex);
    expect(JSON.parse(proof.record)).toMatchObject({ id, operation: 'MessageSend' });
    const hash = createHmac('sha256', Buffer.from(proof.salt, 'hex')).update(proof.record).digest();
    expect(hash.toString('hex')).toBe(proof.hash);
    const { size, root } = readCheckpoint(proof.checkpoint, key);
    const beside = proof.proof.map((each) => Buffer.from(each, 'hex'));
    expect(Buffer.from(rootByInclusion(leafHash(hash), logIndex, size, beside) ?? [])).toEqual(Buffer.from(root));
  }
  await ingestAll(api);
  const records = await get('/v1/admin-records?action=LogRead');
  expect((records.body['items'] as { target: { id: string } }[]).map(({ target }) => target.id)).toContain(
    (await entryOf(messages[0] ?? '')).id,
  );
});

test('of another organization nobody sees that its logs exist', async () => {
  await sealLogs(api, organizationId);
  const own = await get(`${base}/audit/checkpoint`);
  expect(own.status).toBe(200);
  for (const path of ['audit/checkpoint', 'admin/checkpoint', 'audit/tile/0/000.p/1', 'admin/tile/0/000.p/1']) {
    const foreign = await get(`${base}/${path}`, globex.apiKey);
    const none = await get(`/v1/logs/${crypto.randomUUID()}/${path}`, globex.apiKey);
    expect([foreign.status, foreign.text]).toEqual([404, none.text]);
  }
});

test('who may not read admin records gets neither their log nor its state', async () => {
  const key = await newKey(['audit:read']);
  const { body } = await get('/v1/logs', key);
  expect((body['items'] as Listed[]).map(({ stream }) => stream)).toEqual(['audit']);
  expect((await get(`${base}/audit/checkpoint`, key)).status).toBe(200);
  expect((await get(`${base}/admin/checkpoint`, key)).status).toBe(403);
  expect((await get(`${base}/admin/tile/0/000.p/1`, key)).status).toBe(403);
});

test('a rotation gives a new key, lets the old one sign on for a month, and is on record; too many at once are refused', async () => {
  const before = keyOf(await logOf('audit'));
  const rotate = () => ask(api, 'POST /v1/logs/key-rotation', { key: acme.apiKey });
  const { status, body } = await rotate();
  expect(status).toBe(201);
  const [log] = body['items'] as Listed[];
  expect(log?.keys).toHaveLength(2);
  expect(log?.keys.map(({ signsUntil }) => signsUntil === null)).toEqual([true, false]);
  await record(1);
  await sealLogs(api, organizationId);
  const note = (await get(`${base}/audit/checkpoint`)).text;
  expect(readNote(note).signatures).toHaveLength(2);
  for (const key of [before, keyOf(await logOf('audit'))]) expect(readCheckpoint(note, key).size).toBe((await logOf('audit')).size);
  const statuses = [];
  for (let index = 0; index < 4; index += 1) statuses.push((await rotate()).status);
  expect(statuses).toEqual([201, 201, 201, 409]);
  await ingestAll(api);
  const records = await get('/v1/admin-records?action=LogKeyRotate');
  expect((records.body['items'] as { status: string }[]).map((each) => each.status)).toEqual([
    'Failure',
    'Success',
    'Success',
    'Success',
    'Success',
  ]);
});

test('a log that is refused says why', async () => {
  await api.database.system.query(
    "update log_seal set refusal = 'It is an older database' where organization_id = $1 and stream = 'audit'",
    [organizationId],
  );
  expect(await logOf('audit')).toMatchObject({ state: 'refused', refusal: 'It is an older database' });
  expect(await logOf('admin')).toMatchObject({ refusal: null });
});
