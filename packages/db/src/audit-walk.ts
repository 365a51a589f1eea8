import type { RemovalCause } from '@signet/domain/retention';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { auditEntryColumns, auditEntryFromRow, type AuditEntryRow } from './audit-entry-row.ts';
import { lookedSql, routeOf, type AuditFilters, type AuditPosition, type AuditRoute } from './audit-path.ts';
import { Conditions } from './conditions.ts';
import type { OrganizationScope } from './database.ts';
import { logSize } from './log-view.ts';

/** An entry as it lies in the log: with its log entry, and the salt that this was made with. */
export interface LoggedEntry {
  readonly entry: AuditEntry;
  /** 32 bytes. */
  readonly hash: Buffer;
  /** 32 bytes. */
  readonly salt: Buffer;
}

/** Why an entry is gone from its place, and the admin record that tells of it. */
export interface PlaceRemoval {
  readonly at: Date;
  readonly cause: RemovalCause;
  /** Id of the admin record. */
  readonly record: string;
}

/** A place in a log, and what lies there: `logged` null where the record was erased. */
export interface LogPlace<R extends object = AuditEntry> {
  readonly logIndex: number;
  /** 32 bytes. */
  readonly hash: Buffer;
  readonly logged: { readonly entry: R; readonly salt: Buffer } | null;
  /** Null where it is there, and where nobody says why it is not. */
  readonly removal: PlaceRemoval | null;
}

/** Bytes of the fields without a small limit, after which a batch ends: many small entries, or few large ones. */
const BATCH_BYTES = 2 * 1024 * 1024;
/** Entries that one statement of a walk is to give: they must have been taken before V8 counts them as long-lived (decision 0032). */
const WANTED_ENTRIES = 100;
/** Entries that one statement looks at, whether or not they are wanted: none is a long one. So many, too, after which the way through them is chosen anew. */
const LOOKED_ENTRIES = 2_000;

/** How many entries the organization's audit log has: see `logSize`. */
export function auditLogSize(scope: OrganizationScope): Promise<number> {
  return logSize(scope, 'audit');
}

/**
 * The log's places from one index on, in order and without a gap, erased ones too: as many as fit into a batch, and at least one
 * where there is one.
 * @param from inclusive, @param to exclusive, and no more than the log's size. Close together: all between them is looked at.
 */
export async function readAuditLog(scope: OrganizationScope, from: number, to: number): Promise<LogPlace[]> {
  const rows = await scope.query<{ log_index: number; hash: Buffer; removal: WrittenRemoval | null } & (StoredEntry | NoEntry)>(
    // Entries are fetched once and for all, whatever the planner thinks of their number.
    `with entry as materialized (
       select * from audit_entry where organization_id = $1 and log_index >= $2::bigint and log_index < $3::bigint
     ), place as (
       select l.log_index, l.hash, ${entryColumns}, ${bytesBefore('l.log_index')} as bytes_before
       from log_entry l left join entry e on e.log_index = l.log_index
       where l.organization_id = $1 and l.stream = 'audit' and l.log_index >= $2::bigint and l.log_index < $3::bigint
     )
     select place.*, case when place.id is null then (
         select case when r.last_index >= place.log_index
           then json_build_object('at', v.removed_at, 'cause', v.cause, 'record', v.id) end
         from audit_removed_range r join audit_removal v on v.organization_id = r.organization_id and v.id = r.removal_id
         where r.organization_id = $1 and r.first_index <= place.log_index order by r.first_index desc limit 1
       ) end as removal
     from place where bytes_before is null or bytes_before < ${BATCH_BYTES} order by log_index`,
    [scope.organizationId, from, to],
  );
  return rows.map((row) => ({
    logIndex: row.log_index,
    hash: row.hash,
    logged: row.id === null ? null : { entry: auditEntryFromRow(row), salt: row.salt },
    removal: row.removal && { ...row.removal, at: new Date(row.removal.at) },
  }));
}

type WrittenRemoval = Omit<PlaceRemoval, 'at'> & { readonly at: string };

/** Where a walk goes on, how many entries it looks at there, and along which way. */
export interface WalkPlace extends AuditPosition {
  readonly look: number;
  readonly route: AuditRoute;
  /** Entries that were looked at since the way was chosen. */
  readonly since: number;
}

/** A stretch of a walk: what was found in it, and where to go on; `next` null at the end. */
export interface WalkedStretch {
  readonly found: LoggedEntry[];
  readonly next: WalkPlace | null;
}

/**
 * The next stretch of a walk through the entries that a search finds, the oldest first. A stretch may have none and not be the last one:
 * so each statement is short, whatever is asked for, and nothing is held between two of them.
 * @param size of the log when the walk began: what came later is left out, so that the walk has an end.
 */
export async function walkAuditEntries(
  scope: OrganizationScope,
  filters: AuditFilters,
  { size, after }: { size: number; after: WalkPlace | null },
): Promise<WalkedStretch> {
  const span = { filters, place: after, newer: true };
  const isKept = after !== null && after.since < LOOKED_ENTRIES;
  const route = isKept ? after.route : await routeOf(scope, filters, span, 'walk');
  const { path, rest } = route;
  // What has no order is sorted anew for each statement, all that is left of it.
  const look = path.isOrdered ? (after?.look ?? WANTED_ENTRIES) : LOOKED_ENTRIES;
  const where = new Conditions(scope.organizationId);
  const walked = lookedSql(where, path, span, look);
  const { length } = where.sql;
  where.add((p) => `e.log_index < ${p}::bigint`, size);
  for (const { ask } of rest) ask(where);
  const wanted = where.sql.slice(length);
  const rows = await scope.queryPlannedAnew<Stretch & (({ hash: Buffer } & StoredEntry & { log_index: number }) | NoEntry)>(
    `with ${walked}, far as (
       select creation_time as far_time, id as far_id, (select count(*) from looked) as walked_count
       from looked order by creation_time desc, id desc limit 1
     ), wanted as (
       select e.*, ${bytesBefore('e.creation_time, e.id')} as bytes_before from entry e where true ${wanted}
     )
     select far.*, (select max(bytes_before) from wanted) >= ${BATCH_BYTES} as is_cut, e.log_index, ${entryColumns}, (
         -- Looked up one by one: without statistics a join would read the whole log each time.
         select l.hash from log_entry l where l.organization_id = e.organization_id and l.stream = 'audit' and l.log_index = e.log_index
       ) as hash
     from far
     left join wanted e on e.bytes_before is null or e.bytes_before < ${BATCH_BYTES}
     order by e.creation_time, e.id`,
    where.values,
  );
  const found = rows.flatMap((row) => (row.id === null ? [] : [{ entry: auditEntryFromRow(row), hash: row.hash, salt: row.salt }]));
  const [stretch] = rows;
  if (!stretch) return { found, next: null };
  const last = found.at(-1)?.entry;
  const since = (isKept ? after.since : 0) + stretch.walked_count;
  if (stretch.is_cut === true && last) {
    const next = Math.max(found.length, WANTED_ENTRIES);
    return { found, next: { creationTime: last.creationTime, id: last.id, look: next, route, since } };
  }
  if (stretch.walked_count < look) return { found, next: null };
  const next = Math.min(LOOKED_ENTRIES, Math.max(WANTED_ENTRIES, Math.round((look * WANTED_ENTRIES) / Math.max(found.length, 1))));
  return { found, next: { creationTime: stretch.far_time.toISOString(), id: stretch.far_id, look: next, route, since } };
}

interface Stretch {
  readonly far_time: Date;
  readonly far_id: string;
  readonly walked_count: number;
  readonly is_cut: boolean | null;
}

type StoredEntry = AuditEntryRow & { readonly salt: Buffer };
interface NoEntry {
  readonly id: null;
}

/** Columns of an entry `e` and its salt; its place in the log is whoever asks's to name. */
const entryColumns = [...auditEntryColumns.filter((column) => column !== 'log_index'), 'salt'].map((column) => `e.${column}`).join(', ');

/** Of an entry `e`: bytes of those before it in an order; null for the first. What has small limits in every entry does not count. */
function bytesBefore(order: string): string {
  return `sum(coalesce(octet_length(e.operation_properties::text) + octet_length(e.recipients::text), 0))
    over (order by ${order} rows between unbounded preceding and 1 preceding)`;
}
