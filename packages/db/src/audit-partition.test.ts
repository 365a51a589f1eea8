import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '@signet/domain/audit/entry';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { auditPartitionsAhead, makeAuditPartitions, PartitionsMissingError } from './audit-partition.ts';
import { readAuditLog } from './audit-walk.ts';
import { appendAuditEvents } from './audit.ts';
import { ingestAuditEvents } from './ingest.ts';
import { asSuperuser, openTestDatabase } from './testing/test-database.ts';

type TestDatabase = Awaited<ReturnType<typeof openTestDatabase>>;

/** Records an event of each of these times, as an import does. @returns the id of the organization whose they are. */
async function record(database: TestDatabase, times: readonly string[]): Promise<string> {
  const organizationId = randomUUID();
  const events = times.map((creationTime): AuditEvent => ({
    id: randomUUID(),
    version: 1,
    source: 'm365-import',
    operation: 'MessageAccess',
    creationTime,
    organizationId,
    messageId: '<a@acme.example>',
    messageUid: null,
    recipients: ['bob@example.net'],
    sender: 'alice@acme.example',
    authenticationMethod: null,
    authenticationStatus: null,
    operationStatus: 'Success',
    attachmentName: null,
    operationProperties: [],
    actor: { kind: 'unknown', id: null, address: null },
    clientIp: null,
    userAgent: null,
  }));
  const { outboxIds } = await database.forOrganization(organizationId).transaction((tx) => appendAuditEvents(tx, events));
  expect(await ingestAuditEvents(database.system, outboxIds)).toEqual({ recorded: times.length, failed: [] });
  return organizationId;
}

/** Leaves all entries in the default partition, as if the worker had been off when the month began. */
const dropWithout = ({ url }: TestDatabase, month: string) =>
  asSuperuser(
    url,
    `create table kept as table audit_entry; delete from audit_entry; drop table ${nameOf(month)}; insert into audit_entry select * from kept; drop table kept`,
  );

/** How many sessions of the test's database are in such a state. */
const sessions = async ({ url }: TestDatabase, state: string) =>
  (await asSuperuser(url, `select from pg_stat_activity where datname = current_database() and ${state}`)).length;

/** A connection with a transaction open, in which this was done. */
async function openTransaction({ ownerUrl }: TestDatabase, sql: string): Promise<Client> {
  const client = new Client({ connectionString: ownerUrl });
  onTestFinished(() => client.end());
  await client.connect();
  await client.query(`begin; ${sql}`);
  return client;
}

/** How many entries lie in which partition. */
async function placesOf({ url }: TestDatabase): Promise<Record<string, number>> {
  const rows = await asSuperuser<{ name: string; count: string }>(
    url,
    'select tableoid::regclass::text as name, count(*) from audit_entry group by 1 order by 1',
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)]));
}

const monthFromNow = (months: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString().slice(0, 7);
};
const nameOf = (month: string) => `audit_entry_${month.replace('-', '')}`;
const drop = (database: TestDatabase, months: readonly number[]) =>
  asSuperuser(database.url, months.map((month) => `drop table if exists ${nameOf(monthFromNow(month))}`).join('; '));

test('the partitions of this month and the next three are made where they are missing, and making them again does nothing', async () => {
  const database = await openTestDatabase();
  const { system } = database;
  await makeAuditPartitions(system);
  expect(await auditPartitionsAhead(system)).toBe(3);
  await drop(database, [0, 2, 3]);
  expect(await auditPartitionsAhead(system)).toBe(1);
  expect(await makeAuditPartitions(system)).toBe(3);
  expect(await makeAuditPartitions(system)).toBe(0);
  expect(await auditPartitionsAhead(system)).toBe(3);
});

test('old records make the partitions of their months; what is older than ten years, or ahead, lies in the default one and is found all the same', async () => {
  const database = await openTestDatabase();
  const old = `${Number(monthFromNow(0).slice(0, 4)) - 7}-03`;
  const ahead = monthFromNow(9);
  await record(database, [`${old}-01T00:00:00.000Z`, `${old}-31T23:59:59.999Z`, '1999-12-31T23:59:59.999Z', `${ahead}-15T12:00:00.000Z`]);
  expect(await placesOf(database)).toEqual({ [nameOf(old)]: 2, audit_entry_default: 2 });
  expect(await makeAuditPartitions(database.system)).toBe(0);
});

test('a month whose entries lie in the default partition gets its own, they move, and what the apps may do with them is as before', async () => {
  const database = await openTestDatabase();
  const { system } = database;
  const month = monthFromNow(-2);
  await record(database, [`${month}-10T00:00:00.000Z`]);
  await dropWithout(database, month);
  expect(await placesOf(database)).toEqual({ audit_entry_default: 1 });
  await Promise.all([makeAuditPartitions(system), makeAuditPartitions(system), makeAuditPartitions(system)]);
  expect(await placesOf(database)).toEqual({ [nameOf(month)]: 1 });
  expect(await system.query('select 1 from audit_entry')).toHaveLength(1);
  for (const forbidden of ['delete from audit_entry', `select from ${nameOf(month)}`])
    await expect(system.query(forbidden)).rejects.toThrow(/not available|permission/);
  expect(await database.forOrganization(randomUUID()).query('select 1 from audit_entry')).toEqual([]);
});

test('a partition that cannot be made is named and stops neither the others nor an entry', async () => {
  const database = await openTestDatabase();
  await drop(database, [0, 3]);
  // Somebody's table stands in the way of one, with the name of no partition: what is made there cannot be attached.
  await asSuperuser(
    database.url,
    `create function refuse() returns event_trigger language plpgsql as $$ begin
       if exists (select from pg_class where relname = '${nameOf(monthFromNow(0))}') then raise exception 'not this one'; end if; end $$;
     create event trigger refusing on ddl_command_end when tag in ('CREATE TABLE') execute function refuse()`,
  );
  const error: unknown = await makeAuditPartitions(database.system).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PartitionsMissingError);
  expect(String(error)).toContain(monthFromNow(0));
  expect(await auditPartitionsAhead(database.system)).toBe(3);
  await record(database, [new Date().toISOString()]);
  expect(await placesOf(database)).toEqual({ audit_entry_default: 1 });
});

test('who reads the log while a month moves waits, and finds every entry', async () => {
  const database = await openTestDatabase();
  const month = monthFromNow(-2);
  const organizationId = await record(database, [`${month}-10T00:00:00.000Z`, `${month}-11T00:00:00.000Z`]);
  await dropWithout(database, month);
  let reading: ReturnType<typeof readAuditLog> | undefined;
  await database.system.transaction(async (tx) => {
    await tx.query('select ensure_audit_partition($1::timestamptz)', [`${month}-01T00:00:00Z`]);
    reading = readAuditLog(database.forOrganization(organizationId), 0, 2);
    await expect.poll(() => sessions(database, "wait_event_type = 'Lock'"), { timeout: 10_000 }).toBe(1);
  });
  expect(await placesOf(database)).toEqual({ [nameOf(month)]: 2 });
  expect((await reading)?.map(({ logged }) => logged?.entry.creationTime.slice(0, 10))).toEqual([`${month}-10`, `${month}-11`]);
});

test('a month without entries gets its partition while others are being read', async () => {
  const database = await openTestDatabase();
  await drop(database, [2, 3]);
  const month = monthFromNow(0);
  await openTransaction(database, `select from audit_entry where creation_time >= '${month}-01Z' and creation_time < '${month}-02Z'`);
  expect(await makeAuditPartitions(database.system)).toBe(2);
});

test('while somebody holds the default partition, as pg_dump does, one try is made and no more, and all are made afterwards', async () => {
  const database = await openTestDatabase();
  await drop(database, [1, 2, 3]);
  const dump = await openTransaction(database, 'lock table audit_entry_default in access share mode');
  const error: unknown = await makeAuditPartitions(database.system).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PartitionsMissingError);
  expect(String(error)).toMatch(
    new RegExp(`${monthFromNow(1)}: .*lock timeout; ${monthFromNow(2)}: not tried; ${monthFromNow(3)}: not tried`),
  );
  await dump.query('commit');
  expect(await makeAuditPartitions(database.system)).toBe(3);
});

test('entries that come meanwhile lie in the default partition, none of them tries again at once, and they move afterwards', async () => {
  const database = await openTestDatabase();
  const [first, second] = [monthFromNow(-30), monthFromNow(-20)];
  const dump = await openTransaction(database, 'lock table audit_entry_default in access share mode');
  await record(database, [`${first}-10T00:00:00.000Z`, `${second}-10T00:00:00.000Z`]);
  await dump.query('commit');
  await record(database, [`${first}-11T00:00:00.000Z`, `${second}-11T00:00:00.000Z`]);
  expect(await placesOf(database)).toEqual({ audit_entry_default: 4 });
  expect(await makeAuditPartitions(database.system)).toBe(2);
  expect(await placesOf(database)).toEqual({ [nameOf(first)]: 2, [nameOf(second)]: 2 });
});

test('who adds to a month whose partition is being made waits until it is there', async () => {
  const database = await openTestDatabase();
  const month = monthFromNow(-40);
  // Making one takes as long as this test wants.
  await asSuperuser(
    database.url,
    `create function wait_here() returns event_trigger language plpgsql set lock_timeout = 0 as $$ begin perform pg_advisory_xact_lock(1); end $$;
     create event trigger waiting on ddl_command_end when tag in ('CREATE TABLE') execute function wait_here()`,
  );
  const holder = await openTransaction(database, 'select pg_advisory_xact_lock(1)');
  const first = record(database, [`${month}-01T00:00:00.000Z`]);
  await expect.poll(() => sessions(database, "wait_event_type = 'Lock'"), { timeout: 10_000 }).toBe(1);
  const second = record(database, [`${month}-02T00:00:00.000Z`]);
  // Both stand in the transactions in which they add.
  await expect
    .poll(() => sessions(database, "state = 'idle in transaction' and application_name = 'signet-test'"), { timeout: 10_000 })
    .toBe(2);
  await holder.query('commit');
  await Promise.all([first, second]);
  expect(await placesOf(database)).toEqual({ [nameOf(month)]: 2 });
});

test('an entry that another process adds while the partition of its month is made waits, and lies in it', async () => {
  const database = await openTestDatabase();
  const month = monthFromNow(-40);
  let recording: Promise<string> | undefined;
  await database.system.transaction(async (tx) => {
    await tx.query('select ensure_audit_partition($1::timestamptz)', [`${month}-01T00:00:00Z`]);
    recording = record(database, [`${month}-10T00:00:00.000Z`]);
    // It has given up making the partition itself, and adds.
    await expect.poll(() => sessions(database, "wait_event = 'relation'"), { timeout: 10_000 }).toBe(1);
  });
  await recording;
  expect(await placesOf(database)).toEqual({ [nameOf(month)]: 1 });
});
