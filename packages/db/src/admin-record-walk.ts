import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { addAdminRecordFilters, type AdminRecordFilters } from './admin-record-search.ts';
import type { LogPlace } from './audit-walk.ts';
import { Conditions } from './conditions.ts';
import type { OrganizationScope } from './database.ts';

/** Bytes of records after which a batch ends: many small ones, or few large ones. */
const BATCH_BYTES = 2 * 1024 * 1024;
/** Places that one statement of a walk looks at, whether or not they are wanted. */
const WALK_PLACES = 2_000;

interface PlaceRow {
  readonly log_index: number;
  readonly hash: Buffer;
  readonly record: AdminRecord | null;
  readonly salt: Buffer | null;
}

/**
 * The places of the admin log from one index on, in order and without a gap, erased ones too: as many as fit into a batch, and at least one
 * where there is one.
 * @param from inclusive, @param to exclusive, and no more than the log's size. Close together: all between them is looked at.
 */
export async function readAdminLog(scope: OrganizationScope, from: number, to: number): Promise<LogPlace<AdminRecord>[]> {
  const rows = await scope.query<PlaceRow>(
    `with own as materialized (
       select log_index, record, salt from admin_record where organization_id = $1 and log_index >= $2::bigint and log_index < $3::bigint
     ), place as (
       select l.log_index, l.hash, r.record, r.salt, ${bytesBefore('l.log_index')} as bytes_before
       from log_entry l left join own r on r.log_index = l.log_index
       where l.organization_id = $1 and l.stream = 'admin' and l.log_index >= $2::bigint and l.log_index < $3::bigint
     )
     select log_index, hash, record, salt from place where bytes_before is null or bytes_before < ${BATCH_BYTES} order by log_index`,
    [scope.organizationId, from, to],
  );
  return rows.map(placeOf);
}

/**
 * The next stretch of a walk through the records that a search finds, in the order of the log. A stretch may have none and not be the last
 * one: so each statement is short, whatever is asked for, and nothing is held between two of them.
 * @param size of the log when the walk began: what came later is left out, so that the walk has an end.
 * @returns what was found, and where to go on; `next` null at the end.
 */
export async function walkAdminRecords(
  scope: OrganizationScope,
  filters: AdminRecordFilters,
  { from, size }: { readonly from: number; readonly size: number },
): Promise<{ readonly found: LogPlace<AdminRecord>[]; readonly next: number | null }> {
  const to = Math.min(size, from + WALK_PLACES);
  const where = new Conditions(scope.organizationId);
  where.add((first, end) => `log_index >= ${first}::bigint and log_index < ${end}::bigint`, from, to);
  addAdminRecordFilters(where, filters);
  const rows = await scope.query<PlaceRow & { readonly is_cut: boolean }>(
    `with wanted as materialized (
       select r.log_index, r.record, r.salt, ${bytesBefore('r.log_index')} as bytes_before from admin_record r where organization_id = $1 ${where.sql}
     )
     select w.log_index, w.record, w.salt, l.hash, (select max(bytes_before) from wanted) >= ${BATCH_BYTES} as is_cut
     from wanted w join log_entry l on l.organization_id = $1 and l.stream = 'admin' and l.log_index = w.log_index
     where w.bytes_before is null or w.bytes_before < ${BATCH_BYTES} order by w.log_index`,
    where.values,
  );
  const found = rows.map(placeOf);
  const last = rows.at(-1);
  const next = last?.is_cut === true ? last.log_index + 1 : to;
  return { found, next: next < size ? next : null };
}

/** Whether anything but readings of the feed is on record from one place of the admin log to another (exclusive). */
export async function hasOtherThanFeedReads(scope: OrganizationScope, from: number, to: number): Promise<boolean> {
  const [row] = await scope.query<{ has: boolean }>(
    `select exists (
       select from admin_record
       where organization_id = $1 and log_index >= $2::bigint and log_index < $3::bigint and action <> 'AdminRecordFeedRead'
     ) as has`,
    [scope.organizationId, from, to],
  );
  return row?.has ?? false;
}

/** An admin record with what its log entry was made of; null where the organization has none of that id. */
export async function findLoggedRecord(
  scope: OrganizationScope,
  id: string,
): Promise<{ readonly entry: AdminRecord; readonly salt: Buffer; readonly hash: Buffer } | null> {
  const [row] = await scope.query<{ entry: AdminRecord; salt: Buffer; hash: Buffer }>(
    `select r.record as entry, r.salt, l.hash from admin_record r
     join log_entry l on l.organization_id = r.organization_id and l.stream = 'admin' and l.log_index = r.log_index
     where r.organization_id = $1::uuid and r.id = $2::uuid`,
    [scope.organizationId, id],
  );
  return row ?? null;
}

function placeOf({ log_index: logIndex, hash, record, salt }: PlaceRow): LogPlace<AdminRecord> {
  return { logIndex, hash, logged: record === null || salt === null ? null : { entry: record, salt }, removal: null };
}

/** Of a record `r`: bytes of those before it in the order of the log; null for the first. */
function bytesBefore(order: string): string {
  return `sum(coalesce(octet_length(r.record::text), 0)) over (order by ${order} rows between unbounded preceding and 1 preceding)`;
}
