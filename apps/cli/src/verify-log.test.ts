import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { canonicalJson, logEntryOfText } from '@signet/domain/audit/canonical-form';
import { writeExportedLine } from '@signet/domain/audit/exported-line';
import { checkpointText } from '@signet/domain/log/checkpoint';
import { GrowingTree, leafHash } from '@signet/domain/log/merkle-tree';
import { signNote, writeVerifierKey } from '@signet/domain/log/signed-note';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'signet-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const origin = 'mail.acme.example/logs/0199f0a2-0000-7000-8000-000000000001/audit';
const pair = generateKeyPairSync('ed25519');
const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const signer = { name: origin, publicKey, sign: (bytes: Uint8Array) => sign(null, bytes, pair.privateKey) };
const key = writeVerifierKey(signer);

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Lines of a log, and its tree; texts hold what other readers take for the end of a line. */
function* logOf(count: number, tree: GrowingTree, { agent = 'Agent', length = 200, gone = -1 } = {}) {
  for (let logIndex = 0; logIndex < count; logIndex += 1) {
    const salt = Buffer.alloc(32, logIndex % 256);
    const record = canonicalJson({ userAgent: `${agent}\u2028${logIndex}\u2029\u0085`, subject: 'x'.repeat(length) });
    const hash = logEntryOfText(record, salt);
    tree.append(leafHash(hash));
    yield writeExportedLine({ logIndex, hash, intact: logIndex === gone ? null : { salt, text: record } });
  }
}

function checkpointOf(tree: GrowingTree, name: string): string {
  return fileOf(name, signNote(checkpointText({ origin, size: tree.size, root: tree.root() }), [signer]));
}

/** Runs the command without any configuration, in a surrounding without a network that it could ask. */
async function verify(words: readonly string[], input?: string) {
  const main = join(import.meta.dirname, 'main.ts');
  const env = {
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    SIGNET_HOME: folder,
    SIGNET_API_URL: 'http://localhost:1',
  };
  const child = spawn(process.execPath, ['--conditions=@signet/source', '--max-old-space-size=100', main, 'log', 'verify', ...words], {
    env,
  });
  child.stdin.end(input ?? '');
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: Number(code) };
}

const tree = new GrowingTree();
const lines = [...logOf(20, tree)];
const entries = fileOf('entries.ndjson', `${lines.join('\n')}\n`);
const checkpoint = checkpointOf(tree, 'checkpoint');
/** The same log, of which one record is gone. */
const gone = fileOf('gone.ndjson', `${[...logOf(20, new GrowingTree(), { gone: 3 })].join('\n')}\n`);
const auditWords = ['--entries', gone, '--checkpoint', checkpoint, '--key', key];

test('a whole log gives ok with the count, from a file or standard input, as JSON too', async () => {
  const given = ['--checkpoint', checkpoint, '--key', key];
  expect(await verify(['--entries', entries, ...given])).toEqual({ stdout: 'ok 20 entries\n', stderr: '', code: 0 });
  expect(await verify(['--entries', '-', ...given], lines.join('\n'))).toMatchObject({ code: 0 });
  const json = await verify(['--entries', entries, ...given, '--json']);
  expect(JSON.parse(json.stdout)).toEqual({ ok: true, entries: 20, removed: 0, newer: 0 });
});

test('a record that is gone is a difference, unless its removal is proved', async () => {
  expect(await verify(auditWords)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^differs at index 3: The record is gone/) });
});

const adminName = origin.replace('/audit', '/admin');

/** Of a removal of the entry at place 3. */
const removal = {
  id: '0199f0a2-0000-7000-8000-000000000002',
  version: 1,
  organizationId: '0199f0a2-0000-7000-8000-000000000001',
  action: 'AuditRemove',
  creationTime: '2026-11-27T10:00:00.000Z',
  recordedAt: '2026-11-27T10:00:00.000Z',
  actor: { kind: 'system', id: null, address: null },
  target: { kind: 'audit-log', id: null },
  status: 'Success',
  reason: 'Retention',
  before: null,
  after: { places: '3' },
  clientIp: null,
  userAgent: null,
};
const searched = { ...removal, action: 'AuditSearch', after: null };

/** An exported admin log, with its signed checkpoint, as files: the words that give them. */
function adminLog(name: string, records: readonly object[], { by = signer, logName = adminName } = {}) {
  const adminTree = new GrowingTree();
  const exported = records.map((record, logIndex) => {
    const [salt, content] = [Buffer.alloc(32, logIndex), canonicalJson(record)];
    const hash = logEntryOfText(content, salt);
    adminTree.append(leafHash(hash));
    return writeExportedLine({ logIndex, hash, intact: { salt, text: content } });
  });
  const note = signNote(checkpointText({ origin: logName, size: adminTree.size, root: adminTree.root() }), [{ ...by, name: logName }]);
  const words = (changed = exported) => [
    '--removals',
    fileOf(`${name}-${changed === exported ? 'as-it-was' : 'changed'}.ndjson`, `${changed.join('\n')}\n`),
    '--removals-checkpoint',
    fileOf(`${name}.checkpoint`, note),
  ];
  return { exported, note, words };
}

const admin = adminLog('admin', [searched, removal, searched]);

test('a record that is gone is none where the proved admin log says that it was removed, and no other place may be', async () => {
  const ok = { stdout: 'ok 20 entries, 1 of them removed as records tell\n', stderr: '', code: 0 };
  expect(await verify([...auditWords, ...admin.words()])).toEqual(ok);
  const elsewhere = adminLog('elsewhere', [searched, { ...removal, after: { places: '4-9' } }]);
  expect(await verify([...auditWords, ...elsewhere.words()])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^differs at index 3: /),
  });
  // A log of another key, which somebody has kept too: the one before a rotation.
  const { publicKey: before, privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.from(before.export({ format: 'jwk' }).x ?? '', 'base64url');
  const by = { name: adminName, publicKey: bytes, sign: (signed: Uint8Array) => sign(null, signed, privateKey) };
  const older = adminLog('older', [removal], { by });
  expect(await verify([...auditWords, ...older.words()])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('signature'),
  });
  expect(await verify([...auditWords, ...older.words(), '--removals-key', writeVerifierKey(by)])).toEqual(ok);
});

test('a record of a removal that the signed admin log does not have is refused, and where that log differs is said', async () => {
  const [first = '', second = '', third = ''] = admin.exported;
  const { exported: forged } = adminLog('forged', [removal, removal, { ...removal, after: { places: '3' }, reason: 'Made up' }]);
  const without = adminLog('without', [searched, searched, searched]);
  const cases: [number, string[], typeof admin][] = [
    [1, [first, second.replace('"3"', '"2-3"'), third], admin],
    [2, [first, second], admin],
    [1, [first, third, second], admin],
    [0, [JSON.stringify({ ...removal, logIndex: 0 })], admin],
    [0, forged, without],
  ];
  for (const [index, changed, log] of cases)
    expect(await verify([...auditWords, ...log.words(changed)])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(new RegExp(`^the admin log differs at index ${index}: `)),
      stderr: expect.stringContaining('records of removals'),
    });
  const json = await verify([...auditWords, ...without.words(forged), '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, stream: 'admin', index: 0 });
  // One that is added behind what was signed is not believed.
  const { exported: longer } = adminLog('longer', [searched, searched, searched, removal]);
  const behind = await verify([...auditWords, ...without.words(longer)]);
  expect(behind).toMatchObject({ code: 1, stdout: expect.stringMatching(/^differs at index 3: /) });
});

test('an admin log of another organization, a changed checkpoint of it, and one of the audit log are refused', async () => {
  const other = '0199f0a2-0000-7000-8000-00000000000f';
  const otherName = adminName.replace(removal.organizationId, other);
  const foreign = adminLog('foreign', [{ ...removal, organizationId: other }], { logName: otherName });
  expect(await verify([...auditWords, ...foreign.words()])).toMatchObject({ code: 1, stdout: '' });
  const foreignKey = ['--removals-key', writeVerifierKey({ name: otherName, publicKey })];
  expect(await verify([...auditWords, ...foreign.words(), ...foreignKey])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(otherName),
  });
  const within = adminLog('within', [searched, { ...removal, organizationId: other }]);
  expect(await verify([...auditWords, ...within.words()])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`at index 1: The removal is one of the organization ${other}`),
  });

  const [, file = ''] = admin.words();
  const withNote = (name: string, note: string) => [...auditWords, '--removals', file, '--removals-checkpoint', fileOf(name, note)];
  const changed = await verify(withNote('changed', admin.note.replace('\n3\n', '\n2\n')));
  expect(changed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('signature') });
  const ofAudit = signNote(checkpointText({ origin, size: 20, root: tree.root() }), [signer]);
  expect(await verify(withNote('of-audit', ofAudit))).toMatchObject({ code: 1, stdout: '' });
  expect(await verify([...withNote('admin-again', admin.note), '--removals-key', key])).toMatchObject({ code: 2, stdout: '' });
});

test('records of removals without a checkpoint of their log are wrong usage, as are a checkpoint alone and a file that is not there', async () => {
  const [removals = '', file = '', ...noted] = admin.words();
  const wrong = { code: 2, stdout: '', stderr: expect.stringContaining('--removals') };
  expect(await verify([...auditWords, removals, file])).toMatchObject(wrong);
  expect(await verify([...auditWords, ...noted])).toMatchObject(wrong);
  expect(await verify([...auditWords, '--removals-key', key])).toMatchObject(wrong);
  expect(await verify([...auditWords, '--removals', join(folder, 'nothing'), ...noted])).toMatchObject({ code: 2, stdout: '' });
  const standard = ['--entries', '-', '--checkpoint', checkpoint, '--key', key, '--removals', '-', ...noted];
  expect(await verify(standard)).toMatchObject(wrong);
  const ofAdmin = ['--entries', file, '--checkpoint', noted[1] ?? '', '--key', writeVerifierKey({ name: adminName, publicKey })];
  expect(await verify([...ofAdmin, removals, file, ...noted])).toMatchObject(wrong);
  expect(await verify(ofAdmin)).toMatchObject({ code: 0, stdout: 'ok 3 entries\n' });
});

test('a changed, missing, repeated, swapped or cut line gives the first index that differs, and exit code 1', async () => {
  const line = (index: number) => lines[index] ?? '';
  const cases: [number, string[]][] = [
    [4, lines.with(4, line(4).replace('Agent', 'Ageny'))],
    [5, lines.toSpliced(5, 1)],
    [6, lines.toSpliced(6, 0, line(5))],
    [7, lines.toSpliced(7, 2, line(8), line(7))],
    [12, lines.slice(0, 12)],
    [19, lines.with(19, line(19).slice(0, -5))],
  ];
  for (const [index, changed] of cases) {
    const result = await verify(['--entries', '-', '--checkpoint', checkpoint, '--key', key], changed.join('\n'));
    expect(result).toMatchObject({ code: 1, stdout: expect.stringMatching(new RegExp(`^differs at index ${index}: `)) });
  }
});

test('a log that was made anew differs where the last checkpoint that holds ends', async () => {
  const first = new GrowingTree();
  const kept = [...logOf(8, first)];
  const early = checkpointOf(first, 'early');
  const anew = [...kept, ...[...logOf(20, new GrowingTree(), { agent: 'Mallory' })].slice(8)];
  const given = ['--checkpoint', early, '--checkpoint', checkpoint, '--key', key, '--json'];
  const result = await verify(['--entries', '-', ...given], anew.join('\n'));
  expect(result.code).toBe(1);
  expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, index: 8 });
});

test('a checkpoint that the key has not signed, or of another log, is refused; a key that is none is wrong usage', async () => {
  const note = signNote(checkpointText({ origin, size: 20, root: tree.root() }), [signer]);
  const forged = fileOf('forged', note.replace('\n20\n', '\n19\n'));
  const refused = await verify(['--entries', entries, '--checkpoint', forged, '--key', key]);
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('signature') });
  const other = writeVerifierKey({ name: `${origin}2`, publicKey });
  expect(await verify(['--entries', entries, '--checkpoint', checkpoint, '--key', other])).toMatchObject({ code: 1, stdout: '' });
  expect(await verify(['--entries', entries, '--checkpoint', checkpoint, '--key', key.slice(1)])).toMatchObject({ code: 2 });
  expect(await verify(['--entries', join(folder, 'nothing'), '--checkpoint', checkpoint, '--key', key])).toMatchObject({ code: 2 });
  expect(await verify(['--entries', entries, '--checkpoint', join(folder, 'nothing'), '--key', key])).toMatchObject({ code: 2 });
});

test('a log that is larger than the memory that it may take is verified', async () => {
  const large = new GrowingTree();
  const path = join(folder, 'large.ndjson');
  const file = createWriteStream(path);
  // 60,000 lines of some three kilobytes: more than the heap of the command holds.
  for (const line of logOf(60_000, large, { length: 3_000 })) if (!file.write(`${line}\n`)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
  const result = await verify(['--entries', path, '--checkpoint', checkpointOf(large, 'large'), '--key', key]);
  expect(result).toMatchObject({ code: 0, stdout: 'ok 60000 entries\n' });
});
