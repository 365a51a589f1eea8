import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listLogKeys } from '@signet/db/log-key';
import { readTiles } from '@signet/db/log-tile';
import { backUp } from '@signet/db/testing/backup';
import { seedOrganization } from '@signet/db/testing/seed-organization';
import { asSuperuser } from '@signet/db/testing/test-database';
import { readCheckpoint } from '@signet/domain/log/checkpoint';
import { edgeTiles, rootOfTiles } from '@signet/domain/log/tile';
import { expect, test } from 'vitest';
import { sealLogs } from './seal-logs.ts';
import { SweepRefusedError } from './sweep-refused-error.ts';
import { ingestAll, recordActs, sealerOf, sealOf, verifySealedLog } from './testing/sealed-log.ts';
import { openTestWorker } from './testing/test-worker.ts';

/** A worker with a log of twenty entries, sealed in two portions, and another organization's. */
async function worldOf() {
  const worker = await openTestWorker();
  const { system, database, vault, organization } = worker;
  const other = await seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain: 'globex.example' });
  const sealer = sealerOf(worker);
  const seal = () => sealLogs({ system, sealer }, new AbortController().signal, { all: true });
  await recordActs(worker, 10);
  await recordActs(worker, 1, other.id);
  await seal();
  const restore = await backUp(worker.url);
  await recordActs(worker, 10);
  await seal();
  await verifySealedLog(worker, 'admin');
  const log = { organizationId: organization.id, stream: 'admin' } as const;
  /** The log as it stands; that nothing moved is told by it. */
  const state = async () => ({
    kept: await worker.blobStore.readNote(log.organizationId, 'admin-checkpoint'),
    row: await sealOf(worker, 'admin', log.organizationId),
    tiles: await system.query('select * from log_tile where organization_id = $1', [log.organizationId]),
  });
  const superuser = (sql: string) =>
    asSuperuser(worker.url, `set session_replication_role = replica; ${sql.replaceAll('$org', `'${log.organizationId}'`)}`);
  return { ...worker, worker, other, sealer, seal, restore, log, state, superuser };
}

test('a database restored from a backup signs nothing in a log that it is behind in, and says why and how to go on; other logs go on', async () => {
  const { worker, other, seal, restore, log, state, metrics } = await worldOf();
  await restore();
  const before = await state();
  await recordActs(worker, 30);
  await recordActs(worker, 4, other.id);
  const refusal: unknown = await seal().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SweepRefusedError);
  expect(String(refusal)).toMatch(/has 2\d entries, and the database knows of 1\d: it is an older database.*accept-log.*operators\.md/);
  expect(String(refusal)).toContain(log.organizationId);
  const after = await state();
  expect(after).toMatchObject({ kept: before.kept, tiles: before.tiles, row: { note: before.row.note, published_note: before.row.note } });
  expect(after.row.refusal).toMatch(/older database/);
  expect(await metrics.registry.metrics()).toContain('signet_logs_refused 1');
  expect(String(refusal)).not.toContain(other.id);
  await verifySealedLog(worker, 'admin', other.id);
  // It is said once, not every few seconds.
  await seal();
  expect((await state()).row.refusal).toMatch(/older database/);
});

test('both logs of a restored database say why they are refused; accepted, they go on as other logs than those of which somebody kept a checkpoint', async () => {
  const { worker, sealer, seal, restore, log, database } = await worldOf();
  const logs = (['audit', 'admin'] as const).map((stream) => ({ ...log, stream }));
  await worker.accept(['bob@example.net']);
  await ingestAll(worker);
  await seal();
  const saved = await Promise.all(logs.map(({ stream }) => sealOf(worker, stream, log.organizationId)));
  await restore();
  // Another history than the one that is lost, and a longer one.
  for (let index = 0; index < 3; index += 1) await worker.accept(['carol@example.net']);
  await recordActs(worker, 40);
  await expect(seal()).rejects.toThrow(/audit: .*admin: |admin: .*audit: /);
  for (const each of logs) expect((await sealOf(worker, each.stream, log.organizationId)).refusal).toMatch(/blob storage/);
  for (const each of logs) expect(await sealer.accept(each, 'The newest database is lost')).not.toBeNull();
  await ingestAll(worker);
  await seal();
  const [key] = await listLogKeys(database.forOrganization(log.organizationId));
  for (const [index, { stream }] of logs.entries()) {
    const { note, origin, size } = saved[index] ?? { note: null, origin: '', size: 0 };
    expect(await verifySealedLog(worker, stream)).toBeGreaterThanOrEqual(size);
    const kept = readCheckpoint(note ?? '', { name: origin, publicKey: key?.publicKey ?? new Uint8Array() });
    const tileAt = await readTiles(database.forOrganization(log.organizationId), stream, edgeTiles(kept.size));
    expect(Buffer.from(rootOfTiles(kept.size, tileAt))).not.toEqual(Buffer.from(kept.root));
  }
});

test('the newest database in its place again, the log goes on by itself', async () => {
  const { worker, seal, restore, state } = await worldOf();
  const newest = await backUp(worker.url);
  await restore();
  await expect(seal()).rejects.toThrow(SweepRefusedError);
  await newest();
  await recordActs(worker, 5);
  expect(await seal()).toBe(5);
  expect((await state()).row.refusal).toBeNull();
  await verifySealedLog(worker, 'admin');
});

test('once the checkpoint is back in blob storage a log goes on by itself, though nothing in it is new', async () => {
  const { worker, other, seal, sealer, log, state, superuser, system } = await worldOf();
  const { kept } = await state();
  const foreign = await worker.blobStore.readNote(other.id, 'admin-checkpoint');
  await worker.blobStore.writeNote(log.organizationId, 'admin-checkpoint', foreign ?? '');
  await expect(seal()).rejects.toThrow(SweepRefusedError);
  await worker.blobStore.writeNote(log.organizationId, 'admin-checkpoint', kept ?? '');
  const later = () => sealLogs({ system, sealer }, new AbortController().signal);
  await later();
  expect((await state()).row.refusal).not.toBeNull();
  await superuser("update log_seal set refused_at = refused_at - interval '2 minutes' where organization_id = $org");
  await later();
  expect((await state()).row.refusal).toBeNull();
});

test('an operator accepts a restored database: it is on record with the checkpoint that was given up, and the log goes on', async () => {
  const { worker, sealer, seal, restore, log, state, system } = await worldOf();
  const { kept } = await state();
  await restore();
  await recordActs(worker, 2);
  await expect(seal()).rejects.toThrow(SweepRefusedError);
  expect(await sealer.accept(log, 'The disk of the newest one is lost')).toMatch(/older database/);
  await verifySealedLog(worker, 'admin');
  await ingestAll(worker);
  await seal();
  await verifySealedLog(worker, 'admin');
  const [record] = await system.query<{ record: object }>("select record from admin_record where action = 'LogAccept'");
  expect(record?.record).toMatchObject({
    actor: { kind: 'system' },
    target: { kind: 'log', id: 'admin' },
    reason: 'The disk of the newest one is lost',
    before: { refusal: 'database_behind', checkpoint: kept },
  });
  expect(await sealer.accept(log, 'Again')).toBeNull();
});

test('an organization that is not there is not accepted, and nothing is left of it', async () => {
  const { sealer, system } = await worldOf();
  const before = await system.query('select 1 from log_seal');
  await expect(sealer.accept({ organizationId: crypto.randomUUID(), stream: 'admin' }, 'Typed wrong')).rejects.toThrow('no active key');
  expect(await system.query('select 1 from log_seal')).toEqual(before);
});

test('an accepted log goes on although it crashed before its checkpoint was in blob storage', async () => {
  const { worker, seal, restore, log } = await worldOf();
  await restore();
  const crashing = sealerOf(worker, { writeNote: () => Promise.reject(new Error('crash')) });
  await expect(crashing.accept(log, 'Lost')).rejects.toThrow('crash');
  await seal();
  await verifySealedLog(worker, 'admin');
});

test('a log without its checkpoint in blob storage is refused, and goes on when an operator accepts it', async () => {
  const { worker, folder, sealer, seal, log, state } = await worldOf();
  await rm(join(folder, 'blobs', '.notes', log.organizationId, 'admin-checkpoint'));
  await expect(seal()).rejects.toThrow(/Blob storage has no checkpoint/);
  expect((await state()).kept).toBeNull();
  await sealer.accept(log, 'Blob storage was lost');
  await verifySealedLog(worker, 'admin');
});

test('an older checkpoint of the same log in blob storage, as after a restore of that alone, stops nothing and is replaced', async () => {
  const { worker, seal, blobStore, log } = await worldOf();
  const { note } = await sealOf(worker, 'admin', log.organizationId);
  await recordActs(worker, 3);
  await seal();
  await blobStore.writeNote(log.organizationId, 'admin-checkpoint', note ?? '');
  await seal();
  expect(await verifySealedLog(worker, 'admin')).toBeGreaterThan(20);
});

test.each([
  ['text that is no checkpoint', () => 'nonsense'],
  ['a checkpoint with a changed root', (note: string) => note.replace(/^[^\n]{43}=$/m, `${'A'.repeat(43)}=`)],
  ['a checkpoint of a smaller size than was signed', (note: string) => note.replace(/\n\d+\n/, '\n7\n')],
])('%s in blob storage is not gone along with', async (_, change) => {
  const { seal, blobStore, log, state } = await worldOf();
  const { kept } = await state();
  await blobStore.writeNote(log.organizationId, 'admin-checkpoint', change(kept ?? ''));
  await expect(seal()).rejects.toThrow(/is not the log’s/);
  expect((await state()).kept).toBe(change(kept ?? ''));
});

test.each([
  [
    'log entries are fewer than were signed',
    'update log_head set size = 5 where organization_id = $org',
    /has 5 log entries, and the last checkpoint/,
  ],
  [
    'a tile was changed',
    'update log_tile set hashes = set_byte(hashes, 3, get_byte(hashes, 3) # 1) where organization_id = $org',
    /tiles in the database/,
  ],
  ['a tile is gone', 'delete from log_tile where organization_id = $org', /tiles in the database/],
  ['the checkpoint was changed', "update log_seal set note = replace(note, '=', '') where organization_id = $org", /is not the log’s/],
])('a database that contradicts itself signs nothing, and no operator can go on with it: %s', async (_, sql, words) => {
  const { worker, sealer, seal, log, state, superuser } = await worldOf();
  await recordActs(worker, 1);
  await superuser(sql);
  const before = await state();
  await expect(seal()).rejects.toThrow(words);
  expect(await state()).toMatchObject({ kept: before.kept, tiles: before.tiles, row: { published_note: before.row.published_note } });
  await expect(sealer.accept(log, 'Never mind')).rejects.toThrow(/restore a whole database/);
});

test('a log entry that is missing among the new ones stops the log there', async () => {
  const { worker, seal, superuser, state } = await worldOf();
  await recordActs(worker, 5);
  const { row } = await state();
  await superuser(`delete from log_entry where organization_id = $org and stream = 'admin' and log_index = ${row.size + 2}`);
  await expect(seal()).rejects.toThrow(`Log entry ${row.size + 2} is missing`);
  expect((await state()).row).toMatchObject({ size: row.size, published_size: row.size });
});
