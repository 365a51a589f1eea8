import type { Actor } from '@signet/domain/audit/entry';
import { contentOperations, type Operation } from '@signet/domain/audit/operation';
import { rangesOf, writePlaces } from '@signet/domain/retention';
import { appendAdminRecord } from './admin-record.ts';
import { newId, type OrganizationTransaction } from './database.ts';

/** What was removed, as far as it is still told of. */
export interface RemovedEntry {
  readonly place: number;
  readonly creationTime: Date;
  readonly operation: Operation;
  readonly messageUid: string | null;
  readonly source: string;
}

/** In SQL, what removes the entries of `victim`, with their addresses and the words of their subjects: each by its own key. */
export const removalSteps = `address as (
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
    returning e.log_index, e.creation_time, e.operation, e.message_uid, e.source
  ) select log_index as place, creation_time as "creationTime", operation, message_uid as "messageUid", source from gone order by log_index`;

/** Why entries are removed: their time is over, or somebody has them erased by law. */
export type RemovalGround =
  { readonly cause: 'retention' } | { readonly cause: 'erasure'; readonly erasure: string; readonly actor: Actor; readonly reason: string };

const signetItself = { kind: 'system', id: null, address: null } as const;

/**
 * Records a removal where it happened: in the admin log, at the places of the log, and for the messages that it concerns. Of what was erased by
 * law only the places are told, and for its messages the days: the rest is what had to go.
 */
export async function recordRemoval(tx: OrganizationTransaction, ground: RemovalGround, removed: readonly RemovedEntry[]): Promise<void> {
  if (removed.length === 0) return;
  const id = newId();
  const places = removed.map(({ place }) => place);
  await appendAdminRecord(tx, {
    id,
    action: 'AuditRemove',
    actor: ground.cause === 'erasure' ? ground.actor : signetItself,
    target: ground.cause === 'erasure' ? { kind: 'audit-erasure', id: ground.erasure } : { kind: 'audit-log', id: null },
    reason: ground.cause === 'erasure' ? ground.reason : 'Retention',
    after: { ...toldOf(ground, removed), entries: removed.length, places: writePlaces(places) },
  });
  await tx.query(
    `insert into audit_removal (organization_id, id, cause, removed_at, entries)
     values ($1::uuid, $2::uuid, $3, date_trunc('milliseconds', clock_timestamp()), $4)`,
    [tx.organizationId, id, ground.cause, removed.length],
  );
  const ranges = rangesOf(places);
  await tx.query(
    `insert into audit_removed_range (organization_id, first_index, last_index, removal_id)
     select $1::uuid, first_index, last_index, $2::uuid from unnest($3::bigint[], $4::bigint[]) as range(first_index, last_index)`,
    [tx.organizationId, id, ranges.map(({ first }) => first), ranges.map(({ last }) => last)],
  );
  const about = removed.flatMap(({ messageUid, ...entry }) => (messageUid === null ? [] : [{ messageUid, ...entry }]));
  await tx.query(
    `insert into audit_removed_count as c (organization_id, message_uid, entries, content_entries, oldest, newest)
     select $1::uuid, message_uid, count(*), count(*) filter (where is_reported),
       ${ground.cause === 'erasure' ? wholeDays : 'min(at), max(at)'}
     from unnest($2::uuid[], $3::boolean[], $4::timestamptz[]) as removed(message_uid, is_reported, at) group by message_uid order by message_uid
     on conflict (organization_id, message_uid) do update set entries = c.entries + excluded.entries,
       content_entries = c.content_entries + excluded.content_entries, oldest = least(c.oldest, excluded.oldest), newest = greatest(c.newest, excluded.newest)`,
    [tx.organizationId, about.map(({ messageUid }) => messageUid), about.map(isReported), about.map(({ creationTime }) => creationTime)],
  );
}

/** Whether an exposure report would have listed it: what others stated counts in none. */
function isReported({ operation, source }: Pick<RemovedEntry, 'operation' | 'source'>): boolean {
  return source === 'signet' && contentOperations.some((name) => name === operation);
}

/** The first instant of the first day and the last one of the last, in UTC: the count of what was erased by law does not tell when it was (its id may: 0031). */
const wholeDays = `date_trunc('day', min(at), 'UTC'), date_trunc('day', max(at), 'UTC') + interval '1 day - 1 millisecond'`;

function toldOf(ground: RemovalGround, removed: readonly RemovedEntry[]) {
  if (ground.cause === 'erasure') return { cause: ground.cause, erasure: ground.erasure };
  const times = removed.map(({ creationTime }) => creationTime.getTime());
  const operations: Record<string, number> = {};
  for (const { operation } of removed) operations[operation] = (operations[operation] ?? 0) + 1;
  const [oldest, newest] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
  return { cause: ground.cause, operations, oldest: oldest.toISOString(), newest: newest.toISOString() };
}
