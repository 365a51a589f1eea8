import type { AuditEntry, AuthenticationMethod, OperationStatus } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { bracketed } from '@signet/domain/message-id';
import { auditEntryColumns, auditEntryFromRow, type AuditEntryRow } from './audit-entry-row.ts';
import { Conditions } from './conditions.ts';
import type { OrganizationScope } from './database.ts';

/** What entries are searched by; everything given must hold. Addresses may end in `*`, which makes them a prefix. */
export interface AuditFilters {
  /** A Message-ID with or without angle brackets, or Signet's own id of a message. */
  readonly messageId?: string | undefined;
  readonly recipient?: string | undefined;
  readonly sender?: string | undefined;
  /** Words of the subject, all of which must occur. */
  readonly subject?: string | undefined;
  readonly operations?: readonly Operation[] | undefined;
  readonly authenticationMethod?: AuthenticationMethod | undefined;
  readonly authenticationStatus?: OperationStatus | undefined;
  readonly operationStatus?: OperationStatus | undefined;
  readonly source?: string | undefined;
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

/** A place in a search: what comes next to it, towards the older entries or the newer ones. */
export interface AuditPosition {
  readonly creationTime: string;
  readonly id: string;
  /** The page has the newer entries next to it, instead of the older ones. */
  readonly newer?: boolean | undefined;
  /** The page begins with the entry at this place, instead of the one behind it. */
  readonly inclusive?: boolean | undefined;
}

export interface AuditPage {
  readonly items: AuditEntry[];
  /** Where the older ones begin; null at the end. */
  readonly next: AuditPosition | null;
  /** Where the newer ones begin; null on the first page. */
  readonly previous: AuditPosition | null;
  /** False where the search stopped at its budget before the page was full, or an event of the time asked for is still on its way into the log. */
  readonly complete: boolean;
  /** Every event committed before this moment is searchable. */
  readonly indexedThrough: Date;
}

/** Entries that one statement looks at where not all are wanted: none is a long one. */
const STRETCH_ENTRIES = 2_000;
/** Entries that one page looks at. What it has not found by then is for the next page to find. */
const PAGE_BUDGET = 20_000;

/**
 * One page of the organization's audit entries, newest first, by keyset in either direction. A search for what is rare stops at a budget,
 * with fewer entries than asked for, or none, and says where to go on.
 * @param page `budget` is how many entries it looks at, or the stretch more that it has begun.
 */
export async function searchAuditEntries(
  scope: OrganizationScope,
  filters: AuditFilters,
  { limit, from, budget = PAGE_BUDGET }: { limit: number; from: AuditPosition | null; budget?: number },
): Promise<AuditPage> {
  // First what waits, then the search: an event that becomes an entry in between is then found and not promised, never the reverse.
  const [waiting] = await scope.query<{ oldest: Date | null; now: Date }>(
    `select min(event_time) as oldest, date_trunc('milliseconds', statement_timestamp()) as now
     from outbox where organization_id = $1 and kind = 'ingest-audit-event'`,
    [scope.organizationId],
  );
  const newer = from?.newer ?? false;
  const found: AuditEntry[] = [];
  let looked = 0;
  let place = from;
  let isOver = false;
  while (!isOver && found.length <= limit && looked < budget) {
    const stretch = await lookOn(scope, filters, { place, newer, wanted: limit + 1 });
    found.push(...stretch.found);
    looked += stretch.looked;
    isOver = stretch.end === null;
    if (stretch.end) place = { ...stretch.end, ...(newer ? { newer } : {}) };
  }
  const isFull = found.length > limit;
  const shown = found.slice(0, limit);
  const ahead = isFull ? positionOf(shown.at(-1), { newer }) : isOver ? null : place;
  const behind = from && (positionOf(shown[0], { newer: !newer }) ?? turned(from));
  const oldest = waiting?.oldest ?? null;
  return {
    items: newer ? shown.toReversed() : shown,
    next: newer ? behind : ahead,
    previous: newer ? ahead : behind,
    complete: (shown.length === limit || isOver) && (oldest === null || (filters.to !== undefined && oldest >= new Date(filters.to))),
    indexedThrough: oldest ?? waiting?.now ?? new Date(0),
  };
}

/**
 * How many entries there are, counted no further than `limit`, nor than the budget of a count.
 * @returns `capped` where there are more than were counted, or may be.
 */
export async function countAuditEntries(
  scope: OrganizationScope,
  filters: AuditFilters,
  limit: number,
): Promise<{ count: number; capped: boolean }> {
  const { where, path, rest } = pathOf(scope.organizationId, filters, null);
  const budget = path.isWhole ? limit + 1 : PAGE_BUDGET;
  const [row] = await scope.query<{ looked: number; count: number }>(
    `select count(*) as looked, count(*) filter (where e.organization_id = $1 ${rest}) as count
     from (select e.* from ${path.from} where e.organization_id = $1 ${path.conditions} order by ${path.time} desc, ${path.id} desc limit ${budget}) e`,
    where.values,
  );
  const { looked = 0, count = 0 } = row ?? {};
  return { count: Math.min(count, limit), capped: count > limit || looked === budget };
}

function positionOf(entry: AuditEntry | undefined, { newer }: { newer: boolean }): AuditPosition | null {
  return entry ? { creationTime: entry.creationTime, id: entry.id, ...(newer ? { newer } : {}) } : null;
}

/** The way back from a place behind which nothing was found: with what lies at the place, where the way there did not have it. */
function turned({ creationTime, id, newer, inclusive }: AuditPosition): AuditPosition {
  return { creationTime, id, ...(newer ? {} : { newer: true }), ...(inclusive ? {} : { inclusive: true }) };
}

interface Stretch {
  readonly found: AuditEntry[];
  readonly looked: number;
  /** The last place that was looked at; null where there is nothing behind it. */
  readonly end: { readonly creationTime: string; readonly id: string } | null;
}

/** Looks at the next entries along a path, and finds those that are wanted. */
async function lookOn(
  scope: OrganizationScope,
  filters: AuditFilters,
  { place, newer, wanted }: { place: AuditPosition | null; newer: boolean; wanted: number },
): Promise<Stretch> {
  const { where, path, rest } = pathOf(scope.organizationId, filters, place);
  const [on, back] = newer ? ['asc', 'desc'] : ['desc', 'asc'];
  const size = path.isWhole ? wanted : STRETCH_ENTRIES;
  const rows = await scope.query<{ far_time: Date; far_id: string; looked: number } & (AuditEntryRow | { id: null })>(
    `with looked as materialized (
       select e.* from ${path.from} where e.organization_id = $1 ${path.conditions} order by ${path.time} ${on}, ${path.id} ${on} limit ${size}
     ), far as (
       select creation_time as far_time, id as far_id, (select count(*) from looked) as looked
       from looked order by creation_time ${back}, id ${back} limit 1
     ), wanted as (
       select e.* from looked e where e.organization_id = $1 ${rest} order by e.creation_time ${on}, e.id ${on} limit ${wanted}
     )
     select far.*, ${auditEntryColumns.map((column) => `e.${column}`).join(', ')} from far left join wanted e on true
     order by e.creation_time ${on}, e.id ${on}`,
    where.values,
  );
  const [first] = rows;
  if (!first) return { found: [], looked: 0, end: null };
  return {
    found: rows.flatMap((row) => (row.id === null ? [] : [auditEntryFromRow(row)])),
    looked: first.looked,
    end: first.looked < size ? null : { creationTime: first.far_time.toISOString(), id: first.far_id },
  };
}

/** The path of a search from a place on, and what is still to be asked of the entries along it. */
function pathOf(organizationId: string, filters: AuditFilters, place: AuditPosition | null) {
  const where = new Conditions(organizationId);
  const path = addPath(where, filters);
  if (place) {
    const direction = place.newer ? '>' : '<';
    const reach = place.inclusive ? `${direction}=` : direction;
    // The first of the two says which partitions are over.
    where.add(
      (at, id) => `${path.time} ${direction}= ${at}::timestamptz and (${path.time}, ${path.id}) ${reach} (${at}::timestamptz, ${id}::uuid)`,
      place.creationTime,
      place.id,
    );
  }
  if (filters.from !== undefined) where.add((p) => `${path.time} >= ${p}::timestamptz`, filters.from);
  if (filters.to !== undefined) where.add((p) => `${path.time} < ${p}::timestamptz`, filters.to);
  const conditions = where.sql;
  addAuditFilters(where, filters);
  return { where, path: { ...path, conditions }, rest: where.sql.slice(conditions.length) };
}

interface AuditPath {
  readonly from: string;
  readonly time: string;
  readonly id: string;
  /** All that is on the path is wanted, as far as the time is. */
  readonly isWhole: boolean;
}

/**
 * The index along which the entries are looked at, in the order of their time: a message's, an address's, an operation's, or all there are.
 * Of what it does not hold, each entry is asked.
 */
export function addPath(where: Conditions, filters: AuditFilters): AuditPath {
  const { messageId, recipient, sender, operations } = filters;
  const entries = { from: 'audit_entry e', time: 'e.creation_time', id: 'e.id' };
  const asked = Object.entries(filters).filter(([name, value]) => value !== undefined && name !== 'from' && name !== 'to');
  const isWhole = asked.length <= 1;
  if (messageId !== undefined) {
    addMessage(where, messageId);
    return { ...entries, isWhole };
  }
  const role = isExact(recipient) ? 'recipient' : 'sender';
  const address = [recipient, sender].find(isExact);
  if (address !== undefined) {
    where.add(() => `a.organization_id = $1 and a.role = '${role}'`);
    where.addAddress('a.address', address);
    return {
      from: `audit_entry_address a join audit_entry e
        on e.organization_id = a.organization_id and e.creation_time = a.creation_time and e.id = a.entry_id`,
      time: 'a.creation_time',
      id: 'a.entry_id',
      isWhole,
    };
  }
  const [operation, ...others] = operations ?? [];
  if (operation === undefined || others.length > 0) return { ...entries, isWhole: asked.length === 0 };
  where.add((p) => `e.operation = ${p}`, operation);
  return { ...entries, isWhole };
}

function isExact(address: string | undefined): address is string {
  return address !== undefined && !address.trim().endsWith('*');
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the filters ask of an entry `e`. */
export function addAuditFilters(where: Conditions, filters: AuditFilters): void {
  const { messageId, recipient, sender, subject, operations, source, from, to } = filters;
  if (messageId !== undefined) addMessage(where, messageId);
  if (recipient !== undefined) addAddress(where, 'recipient', recipient);
  if (sender !== undefined) addAddress(where, 'sender', sender);
  if (subject !== undefined) {
    where.add(
      (p) => `exists (select from json_array_elements(e.operation_properties) as property
         where property ->> 'name' = 'MailSubject'
           and to_tsvector('simple', property ->> 'value') @@ plainto_tsquery('simple', ${p}))`,
      subject,
    );
  }
  if (operations !== undefined) where.add((p) => `e.operation = any(${p}::text[])`, operations);
  for (const [column, value] of [
    ['authentication_method', filters.authenticationMethod],
    ['authentication_status', filters.authenticationStatus],
    ['operation_status', filters.operationStatus],
    ['source', source],
  ] as const) {
    if (value !== undefined) where.add((p) => `e.${column} = ${p}`, value);
  }
  if (from !== undefined) where.add((p) => `e.creation_time >= ${p}::timestamptz`, from);
  if (to !== undefined) where.add((p) => `e.creation_time < ${p}::timestamptz`, to);
}

/** Entries `e` of a message. */
function addMessage(where: Conditions, messageId: string): void {
  if (uuid.test(messageId)) where.add((p) => `e.message_uid = ${p}::uuid`, messageId);
  else where.add((p) => `e.message_id = ${p}`, bracketed(messageId));
}

/** Addresses are looked up in the narrow table that has one row for each of an entry's. */
function addAddress(where: Conditions, role: 'recipient' | 'sender', addressOrPrefix: string): void {
  where.addAddress(
    'a.address',
    addressOrPrefix,
    (condition) => `exists (select from audit_entry_address a where a.organization_id = e.organization_id and a.role = '${role}'
       and a.creation_time = e.creation_time and a.entry_id = e.id and ${condition})`,
  );
}
