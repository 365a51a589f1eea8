import { Database } from '@signet/db/database';
import { readAdminLog } from '@signet/db/admin-record-walk';
import { readAuditLog, type LogPlace } from '@signet/db/audit-walk';
import { requestErasure } from '@signet/db/audit-erasure';
import { eraseNamedEntries } from '@signet/db/erasure-sweep';
import { storedPlaces } from '@signet/db/log-check';
import { listLogKeys } from '@signet/db/log-key';
import { changeRetention } from '@signet/db/retention';
import { removeDueEntries } from '@signet/db/retention-sweep';
import { asSuperuser } from '@signet/db/testing/test-database';
import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { canonicalRecord } from '@signet/domain/audit/canonical-form';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { writeExportedLine } from '@signet/domain/audit/exported-line';
import { readCheckpoint, type LogStream } from '@signet/domain/log/checkpoint';
import { LogCheck } from '@signet/domain/log/log-check';
import { KnownRemovals } from '@signet/domain/log/known-removals';
import type { Difference } from '@signet/domain/log/root-comparison';
import { ExportVerifier } from '@signet/domain/log/verify-export';
import { RemovalVerifier } from '@signet/domain/log/verify-removals';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { checkLog } from './log-checker.ts';
import { sweepsOf, SweepTimers } from './sweeps.ts';
import { ingestAll, sealerOf, sealOf, verifySealedLog } from './testing/sealed-log.ts';
import { openTestWorker } from './testing/test-worker.ts';

const never = new AbortController().signal;
const actor = { kind: 'system', id: null, address: null } as const;

/** A sealed log, and a policy that removes what is older than a month. */
async function worldWithRemovals() {
  const worker = await openTestWorker();
  const { database, organization, url } = worker;
  const retention = new Database({ url: worker.retentionUrl, applicationName: 'signet-worker-test-retention' });
  onTestFinished(() => retention.close());
  const scope = database.forOrganization(organization.id);
  const log = { organizationId: organization.id, stream: 'audit' } as const;
  const seal = async () => {
    await ingestAll(worker);
    for (const stream of ['audit', 'admin'] as const) await sealerOf(worker).seal({ ...log, stream });
  };
  for (let index = 0; index < 6; index += 1) await worker.accept(['bob@example.net']);
  await seal();
  await scope.transaction((tx) => changeRetention(tx, { days: 30, operations: {} }, { actor }));
  return { worker, database, retention, scope, log, seal, url };
}

type World = Awaited<ReturnType<typeof worldWithRemovals>>;

/** Removes the entries at these places, as retention does when their time is over. */
async function removeAt({ worker, retention, scope, url }: World, places: readonly number[]): Promise<void> {
  const among = `organization_id = '${scope.organizationId}' and log_index in (${places.join(', ')})`;
  // Only what is hashed matters to the log: an entry that is about to go may be dated back.
  await asSuperuser(url, `update audit_entry set creation_time = creation_time - interval '300 days' where ${among}`);
  await asSuperuser(url, `update audit_entry_address a set creation_time = e.creation_time from audit_entry e where e.id = a.entry_id`);
  expect(await removeDueEntries(retention, never, 0)).toBe(places.length);
  await ingestAll(worker);
}

/** A log's last checkpoint, its signature verified. */
async function checkpointOf({ scope, worker, log }: World, stream: LogStream) {
  const row = await sealOf(worker, stream, log.organizationId);
  const [key] = await listLogKeys(scope);
  if (!key || row.note === null) throw new Error('The log was not sealed');
  return readCheckpoint(row.note, { name: row.origin, publicKey: key.publicKey });
}

/** As an export has it. */
function lineOf({ logIndex, hash, logged, removal }: LogPlace<AuditEntry | AdminRecord>): string {
  const intact = logged && { salt: logged.salt, text: canonicalRecord(logged.entry) };
  return writeExportedLine({ logIndex, hash, intact, ...(removal && { removal: { ...removal, at: removal.at.toISOString() } }) });
}

/** What an offline verifier says of an export. */
async function verifyOffline(world: World, removals: KnownRemovals | null) {
  const checkpoint = await checkpointOf(world, 'audit');
  const verifier = new ExportVerifier([checkpoint], removals);
  for (const place of await readAuditLog(world.scope, 0, checkpoint.size)) {
    const difference = verifier.take(lineOf(place));
    if (difference) return difference;
  }
  return verifier.finish();
}

/** What the sealed and exported admin log proves to have been removed, or where it differs. */
async function provedRemovals(world: World): Promise<KnownRemovals | Difference> {
  const checkpoint = await checkpointOf(world, 'admin');
  const verifier = new RemovalVerifier([checkpoint], world.log.organizationId);
  for (const place of await readAdminLog(world.scope, 0, checkpoint.size)) {
    const difference = verifier.take(lineOf(place));
    if (difference) return difference;
  }
  return verifier.finish();
}

async function recordedRemovals(world: World): Promise<KnownRemovals> {
  await sealerOf(world.worker).seal({ ...world.log, stream: 'admin' });
  const removals = await provedRemovals(world);
  if ('index' in removals) throw new Error(removals.detail);
  return removals;
}

/** Has the entries at these places erased, as a law demands, and erases them. */
async function eraseAt({ worker, retention, scope }: World, places: readonly number[]): Promise<void> {
  const rows = await scope.query<{ id: string }>('select id from audit_entry where log_index = any($1)', [places]);
  const request = { named: { kind: 'entries' as const, ids: rows.map(({ id }) => id) }, reason: 'A court’s order', leaveHeld: false };
  await scope.transaction((tx) => requestErasure(tx, request, { actor, by: { ...actor, name: 'Signet' } }));
  await ingestAll(worker);
  expect(await eraseNamedEntries(retention, never)).toBe(places.length);
  await ingestAll(worker);
}

test('after entries are removed the tree, its tiles and checkpoints stand, the server’s own check agrees, and more is sealed', async () => {
  const world = await worldWithRemovals();
  const { worker, log, seal } = world;
  const size = await verifySealedLog(worker, 'audit');
  await removeAt(world, [0, 1, 3]);
  expect(await verifySealedLog(worker, 'audit')).toBe(size);
  expect(await checkLog(worker, log)).toEqual({ size, difference: null });
  await worker.accept(['carol@example.net']);
  await seal();
  expect(await verifySealedLog(worker, 'audit')).toBeGreaterThan(size);
  expect((await checkLog(worker, log)).difference).toBeNull();
  expect((await checkLog(worker, { ...log, stream: 'admin' })).difference).toBeNull();
});

test('an export verifies with the records of removals, and without them the first place that is gone is named with what its line says', async () => {
  const world = await worldWithRemovals();
  await removeAt(world, [2, 4]);
  expect(await verifyOffline(world, await recordedRemovals(world))).toMatchObject({ newer: 0 });
  expect(await verifyOffline(world, null)).toMatchObject({ index: 2, detail: expect.stringContaining('removed (retention') });
});

test('entries that were erased by law are told from tampering: the tree stands, the server’s check agrees, and an export verifies with the record of it and not without', async () => {
  const world = await worldWithRemovals();
  const { worker, log, seal } = world;
  const size = await verifySealedLog(worker, 'audit');
  await eraseAt(world, [1, 4]);
  expect(await verifySealedLog(worker, 'audit')).toBe(size);
  expect(await checkLog(worker, log)).toEqual({ size, difference: null });
  expect(await verifyOffline(world, await recordedRemovals(world))).toMatchObject({ newer: 0 });
  expect(await verifyOffline(world, null)).toMatchObject({ index: 1, detail: expect.stringContaining('removed (erasure') });
  await worker.accept(['carol@example.net']);
  await seal();
  for (const stream of ['audit', 'admin'] as const) expect((await checkLog(worker, { ...log, stream })).difference).toBeNull();
});

test('who takes an entry away as superuser, and says in the database that it was removed, is found by the check and by the verifier', async () => {
  const world = await worldWithRemovals();
  const { worker, log, url, scope } = world;
  await removeAt(world, [1]);
  await asSuperuser(
    url,
    `delete from audit_entry where log_index = 3;
     insert into audit_removed_range select organization_id, 3, 3, id from audit_removal`,
  );
  expect((await checkLog(worker, log)).difference).toEqual({ index: 3, detail: 'The record is missing' });
  expect(await verifyOffline(world, await recordedRemovals(world))).toMatchObject({
    index: 3,
    detail: expect.stringContaining('no record of'),
  });
  // A forged record of a removal is found in the log of admin records, by the check and by the verifier.
  await asSuperuser(
    url,
    `update admin_record set record = jsonb_set(record::jsonb, '{after,places}', '"1,3"')::json
     where organization_id = '${scope.organizationId}' and action = 'AuditRemove'`,
  );
  expect((await checkLog(worker, log)).difference).toBeNull();
  expect((await checkLog(worker, { ...log, stream: 'admin' })).difference).toMatchObject({
    detail: expect.stringContaining('not the one'),
  });
  expect(await provedRemovals(world)).toMatchObject({ detail: expect.stringContaining('not the one') });
});

test('an entry that stands where one was removed is found', async () => {
  const world = await worldWithRemovals();
  await asSuperuser(world.url, 'create table copied as table audit_entry');
  await removeAt(world, [1]);
  await asSuperuser(world.url, 'insert into audit_entry select * from copied where log_index = 1');
  expect((await checkLog(world.worker, world.log)).difference).toEqual({ index: 1, detail: 'A record stands where one was removed' });
});

test('an entry that is removed while the check reads, after its record and before the records of removals, is no difference', async () => {
  const world = await worldWithRemovals();
  const { scope } = world;
  const interrupted: typeof scope = {
    ...scope,
    query: async (sql, values) => {
      if (sql.includes('audit_removed_range')) await removeAt(world, [1, 3]);
      return scope.query(sql, values);
    },
  };
  const places = await storedPlaces(interrupted, 'audit', { from: 0, to: 6 });
  const check = new LogCheck([]);
  expect(places.map((place) => check.take(place, null))).toEqual(Array.from({ length: 6 }, () => null));
  expect(places.flatMap(({ logIndex, isRemoved }) => (isRemoved ? [logIndex] : []))).toEqual([1, 3]);
});

test('where no account may remove entries and an organization wants them removed, the worker says so as an error', async () => {
  const { worker, database, scope } = await worldWithRemovals();
  const { blobStore, metrics, vault } = worker;
  const lines: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const webhooks = { database, vault, logger, receivers: { networks: [] } };
  const syslog = { ...webhooks, publicUrl: 'https://mail.acme.example' };
  const swept = { database, retention: null, blobStore, metrics, sealer: sealerOf(worker), webhooks, syslog, trashDays: 30 };
  const request = { named: { kind: 'entries' as const, ids: await anEntry(scope) }, reason: 'A court’s order', leaveHeld: false };
  await scope.transaction((tx) => requestErasure(tx, request, { actor, by: { ...actor, name: 'Signet' } }));
  const timers = new SweepTimers(
    sweepsOf(swept).filter(({ name }) => ['remove-due-entries', 'erase-entries'].includes(name)),
    metrics,
    logger,
  );
  timers.start();
  for (const words of ['do not keep them for ever: set RETENTION_DATABASE_URL', '1 erasures wait: set RETENTION_DATABASE_URL'])
    await expect.poll(() => lines.join(''), { timeout: 20_000 }).toContain(words);
  await timers.stop();
});

async function anEntry(scope: World['scope']): Promise<string[]> {
  return (await scope.query<{ id: string }>('select id from audit_entry limit 1')).map(({ id }) => id);
}
