import type { LogStream } from '@signet/domain/log/checkpoint';
import type { StoredPlace } from '@signet/domain/log/log-check';
import type { Difference } from '@signet/domain/log/root-comparison';
import { readPlaces } from '@signet/domain/retention';
import { auditEntryColumns, auditEntryFromRow, type AuditEntryRow } from './audit-entry-row.ts';
import type { OrganizationScope, SystemScope } from './database.ts';
import type { LogName } from './log-seal.ts';

/** Hours after which a log is checked again. */
const CHECK_HOURS = 20;
/** Hours after which a check that was begun and never ended is begun again. */
const BEGUN_HOURS = 3;

/** Every log that was ever sealed. */
export function sealedLogs(system: SystemScope): Promise<LogName[]> {
  return system.query<LogName>('select organization_id as "organizationId", stream from log_seal order by organization_id, stream');
}

/** Takes a log whose check is due, so that no other process takes it too; null when none is. */
export async function takeDueLog(system: SystemScope): Promise<LogName | null> {
  const [row] = await system.query<LogName>(
    `with due as materialized (
       select organization_id, stream from log_seal
       where (checked_at is null or checked_at < clock_timestamp() - make_interval(hours => $1))
         and (check_begun_at is null or check_begun_at < clock_timestamp() - make_interval(hours => $2))
       order by checked_at nulls first limit 1 for no key update skip locked
     )
     update log_seal set check_begun_at = clock_timestamp() from due
     where log_seal.organization_id = due.organization_id and log_seal.stream = due.stream
     returning log_seal.organization_id as "organizationId", log_seal.stream`,
    [CHECK_HOURS, BEGUN_HOURS],
  );
  return row ?? null;
}

/** How far a log is: what is there, what is signed, and a record that stands where there is no place. */
export async function logExtent(
  scope: OrganizationScope,
  stream: LogStream,
): Promise<{
  readonly origin: string;
  readonly entries: number;
  readonly size: number;
  readonly note: string | null;
  readonly beyond: number | null;
}> {
  const table = stream === 'audit' ? 'audit_entry' : 'admin_record';
  const [row] = await scope.query<{ origin: string; entries: number; size: number; note: string | null; beyond: number | null }>(
    `select s.origin, coalesce(h.size, 0) as entries, s.size, s.note,
       (select min(r.log_index) from ${table} r
        where r.organization_id = $1::uuid and (r.log_index < 0 or r.log_index >= coalesce(h.size, 0))) as beyond
     from log_seal s left join log_head h on h.organization_id = s.organization_id and h.stream = s.stream
     where s.organization_id = $1::uuid and s.stream = $2`,
    [scope.organizationId, stream],
  );
  if (!row) throw new Error('The log was never sealed');
  return row;
}

/** The words that an entry `e` is to be found by, as ingest takes them from its subject; none of properties that are no list any more. */
const subjectWords = `select word
  from json_array_elements(case json_typeof(e.operation_properties) when 'array' then e.operation_properties else '[]' end) as property
    cross join unnest(tsvector_to_array(to_tsvector('simple', property ->> 'value'))) as word
  where property ->> 'name' = 'MailSubject'`;

type Range = { readonly from: number; readonly to: number };

/** What is stored from one place of a log to another (exclusive), in order; a place without a log entry is left out. */
export function storedPlaces(scope: OrganizationScope, stream: LogStream, range: Range): Promise<StoredPlace[]> {
  return stream === 'audit' ? auditPlaces(scope, range) : adminPlaces(scope, range);
}

async function auditPlaces(scope: OrganizationScope, range: Range): Promise<StoredPlace[]> {
  const places = await recordedPlaces(scope, range);
  const removed = await removedPlaces(scope, range);
  // What is removed between the two was still there for the first, and is told of to the second: it is looked for once more.
  const doubtful = places.filter(({ logIndex, records }) => records.length > 0 && removed.has(logIndex)).map(({ logIndex }) => logIndex);
  const [first] = doubtful;
  const later = first === undefined ? [] : await recordedPlaces(scope, { from: first, to: (doubtful.at(-1) ?? first) + 1 });
  const laterAt = new Map(later.map((place) => [place.logIndex, place]));
  return places.map((place) =>
    removed.has(place.logIndex) ? { ...place, records: laterAt.get(place.logIndex)?.records ?? place.records, isRemoved: true } : place,
  );
}

async function recordedPlaces(scope: OrganizationScope, { from, to }: Range): Promise<StoredPlace[]> {
  const rows = await scope.query<AuditEntryRow & { place: number; hash: Buffer; salt: Buffer | null; isFoundAsItIs: boolean }>(
    `select l.log_index as place, l.hash, ${auditEntryColumns.map((column) => `e.${column}`).join(', ')}, e.salt,
       (select bool_and(exists (
          select from audit_entry_address a
          where a.organization_id = $1::uuid and a.role = own.role and a.address = own.address
            and a.creation_time = e.creation_time and a.entry_id = e.id))
        from (select 'sender' as role, lower(e.sender) as address
              union all select 'recipient', lower(recipient) from unnest(e.recipients) as recipient) as own)
       and not exists (
          select from (${subjectWords}) as own where not exists (
            select from audit_entry_word w
            where w.organization_id = $1::uuid and w.word = own.word and w.creation_time = e.creation_time and w.entry_id = e.id)) as "isFoundAsItIs"
     from log_entry l
     left join audit_entry e on e.organization_id = l.organization_id and e.log_index = l.log_index
       and e.organization_id = $1::uuid and e.log_index >= $2::bigint and e.log_index < $3::bigint
     where l.organization_id = $1::uuid and l.stream = 'audit' and l.log_index >= $2::bigint and l.log_index < $3::bigint order by l.log_index`,
    [scope.organizationId, from, to],
  );
  return gather(rows, (row) => (row.salt ? { record: auditEntryFromRow(row), salt: row.salt, isFoundAsItIs: row.isFoundAsItIs } : null));
}

/** Rows of an index that one statement looks at: no statement of a check is a long one. */
const STRETCH = 10_000;

/** A table that leads to entries: what stands before time and id in its key, where that begins, and whether an entry `e` is led to rightly by a row `s`. */
interface Leading {
  readonly table: string;
  readonly columns: readonly string[];
  readonly isOwn: string;
}

const leadingAddress: Leading = {
  table: 'audit_entry_address',
  columns: ['role', 'address'],
  isOwn: `(s.role = 'sender' and s.address = lower(e.sender)) is true
    or (s.role = 'recipient' and s.address = any(select lower(recipient) from unnest(e.recipients) as recipient)) is true`,
};

const leadingWord: Leading = { table: 'audit_entry_word', columns: ['word'], isOwn: `s.word in (${subjectWords})` };

/** The first place in the log whose entry is found by an address, or a word, that it does not have; null where none is. That each is found by those that it has says `storedPlaces`. */
export async function strayPlace(scope: OrganizationScope): Promise<Difference | null> {
  const address = await strayPlaceOf(scope, leadingAddress);
  const word = await strayPlaceOf(scope, leadingWord);
  if (word !== null && (address === null || word < address))
    return { index: word, detail: 'The record is found by a word that its subject does not have' };
  return address === null ? null : { index: address, detail: 'The record is found by an address that it does not have' };
}

async function strayPlaceOf(scope: OrganizationScope, { table, columns, isOwn }: Leading): Promise<number | null> {
  const key = [...columns, 'creation_time', 'entry_id'];
  const types = [...columns.map(() => 'text'), 'timestamptz', 'uuid'];
  let first: number | null = null;
  for (let after: readonly string[] | null = [...columns.map(() => ''), '-infinity', '00000000-0000-0000-0000-000000000000']; after;) {
    const [stretch]: Stretch[] = await scope.query<Stretch>(
      `with stretch as materialized (
         select ${key.join(', ')} from ${table}
         where organization_id = $1::uuid and (${key.join(', ')}) > (${types.map((type, index) => `$${index + 2}::${type}`).join(', ')})
         order by ${key.join(', ')} limit ${STRETCH}
       ), stray as (
         select min(e.log_index) as place from stretch s
         -- One entry after the other, by its key, whatever the planner thinks of their number.
         cross join lateral (
           select log_index, sender, recipients, operation_properties from audit_entry
           where organization_id = $1::uuid and creation_time = s.creation_time and id = s.entry_id limit 1
         ) e
         where (${isOwn}) is not true
       )
       select stray.place, (select count(*) from stretch) = ${STRETCH} as more, array[${key.map((column) => `s.${column}::text`).join(', ')}] as last
       from stray, stretch s order by ${key.map((column) => `s.${column} desc`).join(', ')} limit 1`,
      [scope.organizationId, ...after],
    );
    if (stretch && stretch.place !== null) first = Math.min(first ?? stretch.place, stretch.place);
    after = stretch?.more === true ? stretch.last : null;
  }
  return first;
}

interface Stretch {
  readonly place: number | null;
  /** Whether there may be others behind the last one. */
  readonly more: boolean;
  /** Its key. */
  readonly last: readonly string[];
}

/**
 * Places whose entries were removed, as admin records tell, those that are on their way into their log included. What says so elsewhere in the
 * database counts for nothing: it is no more proof than that the entry is gone.
 */
async function removedPlaces(scope: OrganizationScope, { from, to }: Range): Promise<Set<number>> {
  const told = await scope.query<{ places: string | null }>(
    `with named as (
       select distinct removal_id as id from audit_removed_range where organization_id = $1::uuid and first_index < $3::bigint
         and first_index >= coalesce((select max(first_index) from audit_removed_range where organization_id = $1::uuid and first_index <= $2::bigint), $2::bigint)
     )
     select r.record -> 'after' ->> 'places' as places from admin_record r join named on named.id = r.id
     where r.organization_id = $1::uuid and r.action = 'AuditRemove'
     union all
     select payload -> 'after' ->> 'places' from outbox join named on payload ->> 'id' = named.id::text
     where organization_id = $1::uuid and kind = 'ingest-admin-event' and payload ->> 'action' = 'AuditRemove'`,
    [scope.organizationId, from, to],
  );
  const removed = new Set<number>();
  for (const { places } of told) {
    for (const { first, last } of readPlaces(places ?? '') ?? []) {
      for (let place = Math.max(first, from); place <= Math.min(last, to - 1); place += 1) removed.add(place);
    }
  }
  return removed;
}

/** Nothing of the record is cast: one that was changed to something else must be found, and not stop who looks. */
async function adminPlaces(scope: OrganizationScope, { from, to }: Range): Promise<StoredPlace[]> {
  const rows = await scope.query<{ place: number; hash: Buffer; record: object | null; salt: Buffer | null; isFoundAsItIs: boolean }>(
    `select l.log_index as place, l.hash, r.record, r.salt,
       r.record ->> 'logIndex' is not distinct from r.log_index::text and r.record ->> 'id' is not distinct from r.id::text
         and r.record ->> 'organizationId' is not distinct from r.organization_id::text
         and r.record ->> 'creationTime' is not distinct from to_char(r.creation_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
         and r.record ->> 'action' is not distinct from r.action
         and r.record -> 'actor' ->> 'id' is not distinct from r.actor_id and r.record -> 'target' ->> 'kind' is not distinct from r.target_kind
         and r.record -> 'target' ->> 'id' is not distinct from r.target_id as "isFoundAsItIs"
     from log_entry l
     left join admin_record r on r.organization_id = l.organization_id and r.log_index = l.log_index
       and r.organization_id = $1::uuid and r.log_index >= $2::bigint and r.log_index < $3::bigint
     where l.organization_id = $1::uuid and l.stream = 'admin' and l.log_index >= $2::bigint and l.log_index < $3::bigint order by l.log_index`,
    [scope.organizationId, from, to],
  );
  return gather(rows, ({ record, salt, isFoundAsItIs }) => (record && salt ? { record, salt, isFoundAsItIs } : null));
}

/** Rows of one place as one; several records may say that they stand there. */
function gather<R extends { readonly place: number; readonly hash: Buffer }>(
  rows: readonly R[],
  recordOf: (row: R) => StoredPlace['records'][number] | null,
): StoredPlace[] {
  return [...Map.groupBy(rows, ({ place }) => place)].map(([logIndex, own]) => ({
    logIndex,
    hash: own[0]?.hash ?? new Uint8Array(),
    records: own.flatMap((row) => recordOf(row) ?? []),
  }));
}

/** Notes what a check found. */
export async function noteCheck(
  scope: OrganizationScope,
  stream: LogStream,
  { size, difference }: { readonly size: number; readonly difference: Difference | null },
): Promise<void> {
  await scope.query(
    `update log_seal set check_begun_at = null, checked_at = clock_timestamp(), checked_size = $3::bigint, difference = $4, difference_index = $5::bigint
     where organization_id = $1::uuid and stream = $2`,
    [scope.organizationId, stream, size, difference?.detail ?? null, difference?.index ?? null],
  );
}
