import { limitedOperations, SETTLING_DAYS } from '@signet/domain/retention';
import { accountFindings } from './account.ts';
import { recordRemoval, removalSteps, type RemovedEntry } from './audit-removal.ts';
import type { Database, OrganizationTransaction, SystemScope } from './database.ts';
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
  await recordRemoval(tx, { cause: 'retention' }, removed);
  if (removed.length < BATCH)
    await tx.query('update retention_policy set swept_at = clock_timestamp() where organization_id = $1::uuid', [tx.organizationId]);
  return removed.length;
}
