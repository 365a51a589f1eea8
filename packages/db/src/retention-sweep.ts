import { contentOperations, type Operation } from '@signet/domain/audit/operation';
import { limitedOperations, rangesOf, SETTLING_DAYS, writePlaces, type RemovalCause } from '@signet/domain/retention';
import { accountFindings } from './account.ts';
import { appendAdminRecord } from './admin-record.ts';
import { newId, type Database, type OrganizationTransaction, type SystemScope } from './database.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { heldEntrySql, lockHolds } from './held.ts';
import { readRetention } from './retention.ts';

/** Entries that are removed in one transaction: it holds a hold up for no longer than this takes. */
const BATCH = 2_000;

/**
 * Asks whether an account may do what retention does, and no more than it should.
 * @throws {DatabaseUnavailableError} saying why not.
 */
export async function checkRetentionAccount(system: SystemScope): Promise<void> {
  const [account] = await system.query<{ may: boolean }>(
    "select has_table_privilege(current_user, 'audit_entry', 'delete') and has_table_privilege(current_user, 'audit_removal', 'insert') as may",
  );
  if (account?.may !== true)
    throw new DatabaseUnavailableError(
      'The account of RETENTION_DATABASE_URL may not remove audit entries: make it a member of signet_retention.',
    );
  const [finding] = await accountFindings(system);
  if (finding !== undefined) throw new DatabaseUnavailableError(`RETENTION_DATABASE_URL: ${finding}.`);
}

/** Says that a worker which may remove entries is there. */
async function noteRetentionWorker(system: SystemScope): Promise<void> {
  await system.query(
    "insert into retention_worker (name, seen_at) values ('retention', clock_timestamp()) on conflict (name) do update set seen_at = excluded.seen_at",
  );
}

/**
 * Removes the entries whose time is over, of every organization that does not keep them for ever, batch by batch. Their log entries stay, so that
 * the log is verified as before; what was removed is on record with the removal. Kept are entries that no published checkpoint covers, that
 * were recorded a few days ago, or that somebody holds.
 * @param retention the account that may.
 * @param settlingDays days since an entry was recorded before which it stays.
 * @returns how many were removed.
 */
export async function removeDueEntries(retention: Database, stopping: AbortSignal, settlingDays = SETTLING_DAYS): Promise<number> {
  await noteRetentionWorker(retention.system);
  const organizations = await retention.system.query<{ id: string }>(
    'select organization_id as id from retention_policy order by swept_at nulls first',
  );
  let total = 0;
  for (const { id } of organizations) {
    const scope = retention.forOrganization(id);
    for (let removed = BATCH; removed === BATCH && !stopping.aborted; total += removed) {
      removed = await scope.transaction((tx) => removeBatch(tx, settlingDays));
    }
    // Between two organizations, since there may be many entries: who removes is there as long as this goes on.
    await noteRetentionWorker(retention.system);
  }
  return total;
}

async function removeBatch(tx: OrganizationTransaction, settlingDays: number): Promise<number> {
  // Before the policy and the holds are read: what was answered before is known here, and who comes later waits.
  await lockHolds(tx);
  const limited = limitedOperations((await readRetention(tx)).policy);
  const removed =
    limited.length === 0
      ? []
      : await tx.query<RemovedEntry>(
          `with sealed as (
             select published_size as size from log_seal where organization_id = $1::uuid and stream = 'audit' and published_note is not null
           ), due as (
             select name, statement_timestamp() - make_interval(hours => 24 * days) as before from unnest($2::text[], $3::int[]) as named(name, days)
           ), victim as materialized (
             select found.* from due cross join lateral (
               select e.organization_id, e.creation_time, e.id, e.sender, e.recipients, e.operation_properties from audit_entry e
               where e.organization_id = $1::uuid and e.operation = due.name and e.creation_time < due.before
                 and e.recorded_at < statement_timestamp() - make_interval(hours => 24 * $4::int)
                 and e.log_index < (select size from sealed) and not ${heldEntrySql('e')}
               order by e.creation_time limit ${BATCH}
             ) as found order by found.creation_time, found.id limit ${BATCH}
           ), ${removalSteps}`,
          [tx.organizationId, limited.map(({ operation }) => operation), limited.map(({ days }) => days), settlingDays],
        );
  await recordRemoval(tx, 'retention', 'Retention', removed);
  if (removed.length < BATCH)
    await tx.query('update retention_policy set swept_at = clock_timestamp() where organization_id = $1::uuid', [tx.organizationId]);
  return removed.length;
}

/** What was removed, as far as it is still told of. */
interface RemovedEntry {
  readonly place: number;
  readonly creationTime: Date;
  readonly operation: Operation;
  readonly messageUid: string | null;
}

/** In SQL, what removes the entries of `victim`, with their addresses and the words of their subjects: each by its own key. */
const removalSteps = `address as (
    select 'sender' as role, lower(sender) as address, creation_time, id from victim
    union select 'recipient', lower(named), creation_time, id from victim cross join unnest(recipients) as named
  ), unnamed as (
    delete from audit_entry_address a using address
    where a.organization_id = $1::uuid and a.role = address.role and a.address = address.address and a.creation_time = address.creation_time
      and a.entry_id = address.id
  ), word as (
    select distinct word, creation_time, id
    from victim cross join json_array_elements(operation_properties) as property
      cross join unnest(tsvector_to_array(to_tsvector('simple', property ->> 'value'))) as word
    where property ->> 'name' = 'MailSubject'
  ), unworded as (
    delete from audit_entry_word w using word
    where w.organization_id = $1::uuid and w.word = word.word and w.creation_time = word.creation_time and w.entry_id = word.id
  ), gone as (
    delete from audit_entry e using victim
    where e.organization_id = $1::uuid and e.creation_time = victim.creation_time and e.id = victim.id
    returning e.log_index, e.creation_time, e.operation, e.message_uid
  ) select log_index as place, creation_time as "creationTime", operation, message_uid as "messageUid" from gone order by log_index`;

const signetItself = { kind: 'system', id: null, address: null } as const;

/** Records a removal where it happened: in the admin log, at the places of the log, and for the messages that it concerns. */
async function recordRemoval(
  tx: OrganizationTransaction,
  cause: RemovalCause,
  reason: string,
  removed: readonly RemovedEntry[],
): Promise<void> {
  if (removed.length === 0) return;
  const id = newId();
  const places = removed.map(({ place }) => place);
  const times = removed.map(({ creationTime }) => creationTime.getTime());
  const [oldest, newest] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
  const operations: Record<string, number> = {};
  for (const { operation } of removed) operations[operation] = (operations[operation] ?? 0) + 1;
  await appendAdminRecord(tx, {
    id,
    action: 'AuditRemove',
    actor: signetItself,
    target: { kind: 'audit-log', id: null },
    reason,
    after: {
      cause,
      entries: removed.length,
      operations,
      oldest: oldest.toISOString(),
      newest: newest.toISOString(),
      places: writePlaces(places),
    },
  });
  await tx.query(
    `insert into audit_removal (organization_id, id, cause, removed_at, entries)
     values ($1::uuid, $2::uuid, $3, date_trunc('milliseconds', clock_timestamp()), $4)`,
    [tx.organizationId, id, cause, removed.length],
  );
  const ranges = rangesOf(places);
  await tx.query(
    `insert into audit_removed_range (organization_id, first_index, last_index, removal_id)
     select $1::uuid, first_index, last_index, $2::uuid from unnest($3::bigint[], $4::bigint[]) as range(first_index, last_index)`,
    [tx.organizationId, id, ranges.map(({ first }) => first), ranges.map(({ last }) => last)],
  );
  const about = removed.flatMap(({ messageUid, operation, creationTime }) =>
    messageUid === null ? [] : [{ messageUid, operation, creationTime }],
  );
  await tx.query(
    `insert into audit_removed_count as c (organization_id, message_uid, entries, content_entries, oldest, newest)
     select $1::uuid, message_uid, count(*), count(*) filter (where operation = any($5::text[])), min(at), max(at)
     from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as removed(message_uid, operation, at) group by message_uid order by message_uid
     on conflict (organization_id, message_uid) do update set entries = c.entries + excluded.entries,
       content_entries = c.content_entries + excluded.content_entries, oldest = least(c.oldest, excluded.oldest), newest = greatest(c.newest, excluded.newest)`,
    [
      tx.organizationId,
      about.map(({ messageUid }) => messageUid),
      about.map(({ operation }) => operation),
      about.map(({ creationTime }) => creationTime),
      contentOperations,
    ],
  );
}
