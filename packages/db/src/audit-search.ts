import type { AuditEntry } from '@signet/domain/audit/entry';
import { auditEntryColumns, auditEntryFromRow, type AuditEntryRow } from './audit-entry-row.ts';
import {
  addSpan,
  idOf,
  lookedSql,
  routeOf,
  UNORDERED_ENTRIES,
  type AuditFilters,
  type AuditPosition,
  type AuditRoute,
  type Span,
} from './audit-path.ts';
import { Conditions } from './conditions.ts';
import type { OrganizationScope } from './database.ts';
import { surenessOf } from './log-sureness.ts';

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
/** Before the first entry of any time. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** What a window takes of a page's budget at least, however few it has: of empty ones there may be hundreds. */
const WINDOW_COST = 500;
/** Entries that one page looks at. What it has not found by then is for the next page to find. */
const PAGE_BUDGET = 10_000;

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
  const sureness = await surenessOf(scope, 'audit', filters.to === undefined ? undefined : new Date(filters.to));
  const newer = from?.newer ?? false;
  const found: AuditEntry[] = [];
  let looked = 0;
  let place = from;
  let route = await routeOf(scope, filters, { place, newer }, 'page');
  let isOver = false;
  while (!isOver && found.length <= limit && looked < budget) {
    const { until } = route;
    const stretch = await lookOn(scope, route, { filters, place, newer }, limit + 1);
    found.push(...stretch.found);
    looked += Math.max(stretch.looked, until === undefined ? 0 : WINDOW_COST);
    isOver = stretch.end === null && until === undefined;
    // Towards the newer ones what lies at the edge itself comes next.
    const edge = until === undefined ? null : { creationTime: until, id: FIRST_ID, ...(newer ? { inclusive: true } : {}) };
    const end = stretch.end ?? edge;
    if (end) place = { ...end, ...(newer ? { newer } : {}) };
    // The window is through: behind it another way may be the shortest.
    if (stretch.end === null && !isOver) route = await routeOf(scope, filters, { place, newer }, 'page');
  }
  const isFull = found.length > limit;
  const shown = found.slice(0, limit);
  const ahead = isFull ? positionOf(shown.at(-1), { newer }) : isOver ? null : place;
  const behind = from && (positionOf(shown[0], { newer: !newer }) ?? turned(from));
  return {
    items: newer ? shown.toReversed() : shown,
    next: newer ? behind : ahead,
    previous: newer ? ahead : behind,
    complete: sureness.complete && (shown.length === limit || isOver),
    indexedThrough: sureness.indexedThrough,
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
  const span = { filters, place: null, newer: false };
  const { path, rest } = await routeOf(scope, filters, span, 'count');
  const where = new Conditions(scope.organizationId);
  // One more than is looked at, which shows that there are more; without an order there may be several rows of one entry.
  const budget = rest.length > 0 ? 1 + PAGE_BUDGET : path.isOrdered ? 1 + limit : UNORDERED_ENTRIES;
  const sql = rest.length === 0 ? placesSql(where, path, span, budget) : wantedSql(where, { path, rest }, span, budget);
  const [row] = await scope.queryPlannedAnew<{ looked: number; count: number }>(sql, where.values);
  const { looked = 0, count = 0 } = row ?? {};
  return { count: Math.min(count, limit), capped: count > limit || looked === budget };
}

/** Counts what is on a path: its index alone is read. */
function placesSql(where: Conditions, path: AuditRoute['path'], span: Span, budget: number): string {
  addSpan(where, path, span);
  const from = `from ${path.table} e where e.organization_id = $1 ${where.sql} limit ${budget}`;
  if (path.isOrdered) return `select count(*) as looked, count(*) as count from (select ${from}) as e`;
  return `with place as materialized (select e.creation_time, ${idOf(path)} as id ${from})
    select (select count(*) from place) as looked, count(*) as count from (select distinct creation_time, id from place) as e`;
}

function wantedSql(where: Conditions, { path, rest }: AuditRoute, span: Span, budget: number): string {
  return `with ${lookedSql(where, path, span, budget)}
    select (select count(*) from looked) as looked, count(*) as count from entry e where true ${restSql(where, rest)}`;
}

/** What is asked beside what `where` asks already. */
function restSql(where: Conditions, rest: AuditRoute['rest']): string {
  const { length } = where.sql;
  for (const { ask } of rest) ask(where);
  return where.sql.slice(length);
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
async function lookOn(scope: OrganizationScope, { path, rest }: AuditRoute, span: Span, wanted: number): Promise<Stretch> {
  const where = new Conditions(scope.organizationId);
  const [on, back] = span.newer ? ['asc', 'desc'] : ['desc', 'asc'];
  const size = rest.length === 0 ? wanted : STRETCH_ENTRIES;
  const looked = lookedSql(where, path, span, size);
  const rows = await scope.queryPlannedAnew<{ far_time: Date; far_id: string; looked: number } & (AuditEntryRow | { id: null })>(
    `with ${looked}, far as (
       select creation_time as far_time, id as far_id, (select count(*) from looked) as looked
       from looked order by creation_time ${back}, id ${back} limit 1
     ), wanted as (
       select e.* from entry e where true ${restSql(where, rest)} order by e.creation_time ${on}, e.id ${on} limit ${wanted}
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
