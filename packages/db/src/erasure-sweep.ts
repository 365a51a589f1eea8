import type { Actor } from '@signet/domain/audit/entry';
import { recordRemoval, removalSteps, type RemovedEntry } from './audit-removal.ts';
import type { Database, OrganizationTransaction } from './database.ts';
import { heldEntrySql, lockHolds } from './held.ts';

/** Entries that are erased in one transaction: it holds a hold up for no longer than this takes. */
const BATCH = 2_000;

/**
 * In SQL, whether an erasure `a` may be carried out: who asked is on record in the admin log. The account that writes erasures down can add
 * records there and take none away, so nothing is removed of which nobody would learn.
 */
const isOnRecord = `exists (select from admin_record r where r.organization_id = a.organization_id and r.target_kind = 'audit-erasure'
  and r.target_id = a.id::text and r.action = 'AuditErase' and r.record ->> 'status' = 'Success')`;

/** In SQL, the first place that no published checkpoint covers, of the organization `organization`. */
const coveredBefore = (organization: string) => `coalesce((select published_size from log_seal
  where organization_id = ${organization} and stream = 'audit' and published_note is not null), 0)`;

/**
 * Erases the entries that were asked to be erased by law, batch by batch: each is a transaction of its own, with the record of it, so that what
 * broke off goes on where it stood. An entry that no published checkpoint covers yet waits for one, and all wait for the record of who asked; one
 * that somebody holds by now stays. An erasure that fails holds no other one up.
 * @param retention the account that may.
 * @returns how many were erased.
 * @throws {AggregateError} when some failed, with what each did: they are tried again.
 */
export async function eraseNamedEntries(retention: Database, stopping: AbortSignal): Promise<number> {
  const due = await retention.system.query<{ organizationId: string; id: string }>(
    `select a.organization_id as "organizationId", a.id from audit_erasure a where a.ended_at is null and ${isOnRecord} and exists (
       select from audit_erasure_entry x where x.organization_id = a.organization_id and x.erasure_id = a.id and x.outcome is null
         and x.log_index < ${coveredBefore('a.organization_id')})
     order by a.created_at, a.id`,
  );
  let total = 0;
  const failures: { readonly id: string; readonly error: unknown }[] = [];
  for (const { organizationId, id } of due) {
    const scope = retention.forOrganization(organizationId);
    try {
      for (let looked = BATCH; looked === BATCH && !stopping.aborted;) {
        const batch = await scope.transaction((tx) => eraseBatch(tx, id));
        looked = batch.looked;
        total += batch.erased;
      }
    } catch (error) {
      failures.push({ id, error });
    }
  }
  if (failures.length === 0) return total;
  const each = failures.map(({ id, error }) => `${id}: ${error instanceof Error ? error.message : String(error)}`);
  throw new AggregateError(
    failures.map(({ error }) => error),
    `These erasures could not be carried out, and are tried again: ${each.join('; ')}`,
  );
}

interface NamedEntry {
  readonly place: number;
  readonly entryId: string;
  readonly creationTime: Date;
  readonly isThere: boolean;
  readonly isHeld: boolean;
}

async function eraseBatch(tx: OrganizationTransaction, id: string): Promise<{ looked: number; erased: number }> {
  // Before the holds are read: what was answered before is known here, and who comes later waits.
  await lockHolds(tx);
  // A place that is not the entry's own finds none: which are published is told by the places that were written down.
  const named = await tx.query<NamedEntry>(
    `with named as materialized (
       select log_index, entry_id, creation_time from audit_erasure_entry
       where organization_id = $1::uuid and erasure_id = $2::uuid and outcome is null and log_index < ${coveredBefore('$1::uuid')}
       order by log_index limit ${BATCH}
     )
     select named.log_index as place, named.entry_id as "entryId", named.creation_time as "creationTime", e.id is not null as "isThere",
       coalesce(${heldEntrySql('e')}, false) as "isHeld"
     from named left join audit_entry e on e.organization_id = $1::uuid and e.creation_time = named.creation_time and e.id = named.entry_id
       and e.log_index = named.log_index
     order by named.log_index`,
    [tx.organizationId, id],
  );
  const [erasure] = await tx.query<{ reason: string; createdBy: Actor }>(
    `select a.reason, a.created_by as "createdBy" from audit_erasure a
     where a.organization_id = $1::uuid and a.id = $2::uuid and a.ended_at is null and ${isOnRecord}`,
    [tx.organizationId, id],
  );
  if (!erasure || named.length === 0) return { looked: 0, erased: 0 };
  const removed = await remove(
    tx,
    named.filter(({ isThere, isHeld }) => isThere && !isHeld),
  );
  const { kind, id: actorId, address } = erasure.createdBy;
  const actor = { kind, id: actorId, address };
  await recordRemoval(tx, { cause: 'erasure', erasure: id, actor, reason: erasure.reason }, removed);
  const erased = new Set(removed.map(({ place }) => place));
  const outcomes = named.map(({ place, isHeld }) => (erased.has(place) ? 'erased' : isHeld ? 'held' : 'gone'));
  await tx.query(
    `update audit_erasure_entry x set outcome = done.outcome, creation_time = null
     from unnest($3::bigint[], $4::text[]) as done(log_index, outcome)
     where x.organization_id = $1::uuid and x.erasure_id = $2::uuid and x.log_index = done.log_index`,
    [tx.organizationId, id, named.map(({ place }) => place), outcomes],
  );
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  await tx.query(
    `update audit_erasure set erased = erased + $3, held = held + $4, gone = gone + $5,
       ended_at = case when not exists (
         select from audit_erasure_entry x where x.organization_id = $1::uuid and x.erasure_id = $2::uuid and x.outcome is null
       ) then clock_timestamp() end
     where organization_id = $1::uuid and id = $2::uuid`,
    [tx.organizationId, id, count('erased'), count('held'), count('gone')],
  );
  return { looked: named.length, erased: removed.length };
}

/** Removes entries with all that was made of them; their receipts keep that they are known, and no hash of what they said. */
async function remove(tx: OrganizationTransaction, entries: readonly NamedEntry[]): Promise<RemovedEntry[]> {
  if (entries.length === 0) return [];
  return tx.query<RemovedEntry>(
    `with victim as materialized (
       select e.organization_id, e.creation_time, e.id, e.sender, e.recipients, e.operation_properties
       from unnest($2::timestamptz[], $3::uuid[]) as named(creation_time, id)
       join audit_entry e on e.organization_id = $1::uuid and e.creation_time = named.creation_time and e.id = named.id
     ), unhashed as (
       update audit_receipt r set content_hash = '' from victim where r.organization_id = $1::uuid and r.event_id = victim.id
     ), ${removalSteps}`,
    [tx.organizationId, entries.map(({ creationTime }) => creationTime), entries.map(({ entryId }) => entryId)],
  );
}
