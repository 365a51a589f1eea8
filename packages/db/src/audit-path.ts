import type { AuthenticationMethod, OperationStatus } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { bracketed } from '@signet/domain/message-id';
import { Conditions } from './conditions.ts';
import { addWindow, windowEnds } from './audit-window.ts';
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

type Ask = (where: Conditions) => void;

/** An index along which entries are looked at. */
export interface AuditPath {
  /** The entries themselves, or one of the narrow tables that have a row for each of an entry's words or addresses. */
  readonly table: 'audit_entry' | 'audit_entry_address' | 'audit_entry_word';
  /** False where all that is on the path has to be read before its newest is known. */
  readonly isOrdered: boolean;
  /** What of the table, as `e`, is on the path. */
  readonly ask: Ask;
}

/** One thing that is asked of entries. */
interface Demand {
  /** Asks it of an entry `e`. */
  readonly ask: Ask;
  /** Leads to those that have it; null where there is no index. */
  readonly path: AuditPath | null;
}

/** Where to look, and what is still to be asked of each entry there. */
export interface AuditRoute {
  readonly path: AuditPath;
  readonly rest: readonly Demand[];
  /** Where the path ends before all that is asked for was looked at: from here on another one is chosen. */
  readonly until?: string | undefined;
}

/** The part of a path that is still to be looked at. */
export interface Span {
  readonly filters: Pick<AuditFilters, 'from' | 'to'>;
  readonly place: AuditPosition | null;
  readonly newer: boolean;
}

/** Entries of a path that tell how dense it is. */
const PROBED_ENTRIES = 500;
/** A path that is not in the order of time is taken as long as it has no more: all of it is sorted. */
export const UNORDERED_ENTRIES = 20_000;
/** So few are sorted without a thought; of more, but fewer than these, windows are looked for. */
const WINDOWED = { from: 5_000, to: 100_000 } as const;

const everything: AuditPath = { table: 'audit_entry', isOrdered: true, ask: () => undefined };

/**
 * The way on which the fewest entries have to be looked at: of those that could be taken, the one that leads furthest with the same
 * number of them. What is rare now may not have been rare before, so each page asks anew.
 * @param purpose a `page`’s way may end before the span does, and says where; a `count` needs no order.
 */
export async function routeOf(
  scope: OrganizationScope,
  filters: AuditFilters,
  span: Omit<Span, 'filters'>,
  purpose: 'page' | 'count' | 'walk',
): Promise<AuditRoute> {
  const demands = await demandsOf(scope, filters);
  const routes = demands.flatMap(({ path }, index) => (path ? [{ path, rest: demands.toSpliced(index, 1) }] : []));
  const [first] = routes;
  const isSure = filters.messageId !== undefined || routes.length === 1;
  if (first?.path.isOrdered && isSure) return first;
  const isAlone = demands.length === 1;
  if (first && isAlone && purpose === 'count') return first;
  const ordered: (AuditRoute & Probe)[] = [];
  for (const route of routes.filter(({ path }) => path.isOrdered))
    ordered.push({ ...route, ...(await probe(scope, route.path, { ...span, filters }, PROBED_ENTRIES)) });
  const [best] = ordered.toSorted((a, b) => a.count - b.count || (a.far - b.far) * (span.newer ? -1 : 1));
  if (best && best.count < PROBED_ENTRIES) return best;
  for (const route of routes.filter(({ path }) => !path.isOrdered)) {
    const light = await lightRoute(scope, route, { ...span, filters }, isAlone && purpose === 'page');
    if (light) return light;
  }
  return best ?? { path: everything, rest: demands };
}

/**
 * A way without an order, of so few that they can be sorted: all of it, or a window of it.
 * @returns null where there are too many.
 */
async function lightRoute(scope: OrganizationScope, route: AuditRoute, span: Span, inWindows: boolean): Promise<AuditRoute | null> {
  const countOf = async (path: AuditPath, most: number) => (await probe(scope, path, span, most)).count;
  const { newer, place, filters } = span;
  // Nothing lies in the future, however far it is asked for.
  const now = new Date().toISOString();
  const latest = filters.to !== undefined && filters.to < now ? filters.to : now;
  const begin = place?.creationTime ?? (newer ? filters.from : latest);
  const windows = inWindows ? windowEnds({ begin, end: newer ? filters.to : filters.from, newer }) : [];
  const all = await countOf(route.path, windows.length > 0 ? WINDOWED.to : UNORDERED_ENTRIES);
  if (windows.length === 0 || all < WINDOWED.from) return all < UNORDERED_ENTRIES ? route : null;
  if (all >= WINDOWED.to) return null;
  let light: AuditRoute | null = null;
  for (const until of windows) {
    const path: AuditPath = {
      ...route.path,
      ask: (where) => {
        route.path.ask(where);
        addWindow(where, until, newer);
      },
    };
    const count = await countOf(path, UNORDERED_ENTRIES);
    // What is sparse here may be dense behind it: then here by itself, where it costs nothing.
    if (count >= UNORDERED_ENTRIES) return light;
    light = { ...route, path, until };
    if (count >= PROBED_ENTRIES) return light;
  }
  return all < UNORDERED_ENTRIES ? route : light;
}

interface Probe {
  /** As far as it was counted. */
  readonly count: number;
  /** When the last one was that was counted, in milliseconds. */
  readonly far: number;
}

async function probe(scope: OrganizationScope, path: AuditPath, span: Span, most: number): Promise<Probe> {
  const where = new Conditions(scope.organizationId);
  const [row] = await scope.queryPlannedAnew<{ count: number; far: Date | null }>(
    `select count(*) as count, ${span.newer ? 'max' : 'min'}(at) as far from (${stretchOf(where, path, span, most)}) as e(at)`,
    where.values,
  );
  return { count: row?.count ?? 0, far: row?.far?.getTime() ?? 0 };
}

/** Times of the next entries of a path; in their order where the path has one. */
function stretchOf(where: Conditions, path: AuditPath, span: Span, most: number): string {
  const order = span.newer ? 'asc' : 'desc';
  addSpan(where, path, span);
  const sorted = path.isOrdered ? `order by e.creation_time ${order}` : '';
  return `select e.creation_time from ${path.table} e where e.organization_id = $1 ${where.sql} ${sorted} limit ${most}`;
}

/** Asks for what is on a path, within a span of it. */
export function addSpan(where: Conditions, path: AuditPath, { filters: { from, to }, place, newer }: Span): void {
  path.ask(where);
  if (place) {
    const direction = newer ? '>' : '<';
    const reach = place.inclusive ? `${direction}=` : direction;
    // The first of the two says which partitions are over.
    where.add(
      (at, id) =>
        `e.creation_time ${direction}= ${at}::timestamptz and (e.creation_time, ${idOf(path)}) ${reach} (${at}::timestamptz, ${id}::uuid)`,
      place.creationTime,
      place.id,
    );
  }
  if (from !== undefined) where.add((p) => `e.creation_time >= ${p}::timestamptz`, from);
  if (to !== undefined) where.add((p) => `e.creation_time < ${p}::timestamptz`, to);
}

/** The column of a path's table `e` that has an entry's id. */
export function idOf({ table }: AuditPath): string {
  return table === 'audit_entry' ? 'e.id' : 'e.entry_id';
}

/**
 * Two common table expressions: `looked`, the next places of a path in their order, and `entry`, the entries there.
 * @param size most places that are looked at.
 */
export function lookedSql(where: Conditions, path: AuditPath, span: Span, size: number): string {
  const order = span.newer ? 'asc' : 'desc';
  addSpan(where, path, span);
  const id = idOf(path);
  const isNarrow = path.table !== 'audit_entry';
  // An entry has two of the addresses that begin alike, and is one entry.
  const places = isNarrow ? `e.creation_time, ${id} as id` : 'e.*';
  const once = isNarrow && !path.isOrdered ? `group by e.creation_time, ${id}` : '';
  const looked = `looked as materialized (
       select ${places} from ${path.table} e where e.organization_id = $1 ${where.sql} ${once} order by e.creation_time ${order}, ${id} ${order} limit ${size}
     )`;
  // With a limit each is looked up by its place, whatever else is asked of it and however few the planner takes the places to be.
  const entry = isNarrow
    ? `select e.* from looked l cross join lateral (
         select * from audit_entry e where e.organization_id = $1 and e.creation_time = l.creation_time and e.id = l.id limit 1
       ) as e`
    : 'select * from looked';
  return `${looked}, entry as (${entry})`;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function demandsOf(scope: OrganizationScope, filters: AuditFilters): Promise<Demand[]> {
  const { messageId, recipient, sender, subject, operations, authenticationMethod, authenticationStatus, operationStatus, source } =
    filters;
  const words = subject === undefined ? [] : await wordsOf(scope, subject);
  return [
    ...(messageId === undefined ? [] : [ofMessage(messageId)]),
    ...(recipient === undefined ? [] : [ofAddress('recipient', recipient)]),
    ...(sender === undefined ? [] : [ofAddress('sender', sender)]),
    // What has no word is in no subject.
    ...(subject !== undefined && words.length === 0 ? [{ ask: nothing, path: null }] : words.map(ofWord)),
    ...(operations === undefined ? [] : [ofOperations(operations)]),
    ...(authenticationMethod === undefined ? [] : [ofColumn('authentication_method', authenticationMethod)]),
    ...(authenticationStatus === undefined ? [] : [ofColumn('authentication_status', authenticationStatus, 'Success')]),
    ...(operationStatus === undefined ? [] : [ofColumn('operation_status', operationStatus, 'Success')]),
    ...(source === undefined ? [] : [ofColumn('source', source, 'signet')]),
  ];
}

const nothing: Ask = (where) => where.add(() => 'false');

/** The words of a subject as ingest splits them. */
async function wordsOf(scope: OrganizationScope, subject: string): Promise<string[]> {
  if (subject.includes('\0')) return [];
  const rows = await scope.query<{ word: string }>("select word from unnest(tsvector_to_array(to_tsvector('simple', $1))) as word", [
    subject,
  ]);
  return rows.map(({ word }) => word);
}

function onEntries(ask: Ask, isOrdered = true): Demand {
  return { ask, path: { table: 'audit_entry', isOrdered, ask } };
}

function ofMessage(messageId: string): Demand {
  return onEntries((where) =>
    uuid.test(messageId)
      ? where.add((p) => `e.message_uid = ${p}::uuid`, messageId)
      : where.add((p) => `e.message_id = ${p}`, bracketed(messageId)),
  );
}

/** Of the entry itself its own columns are asked; the narrow table leads to the entries. */
function ofAddress(role: 'recipient' | 'sender', addressOrPrefix: string): Demand {
  const isPrefix = addressOrPrefix.trim().endsWith('*');
  return {
    ask: (where) => {
      if (role === 'sender') where.addAddress('lower(e.sender)', addressOrPrefix);
      else
        where.addAddress(
          'lower(r.address)',
          addressOrPrefix,
          (condition) => `exists (select from unnest(e.recipients) as r(address) where ${condition})`,
        );
    },
    path: {
      table: 'audit_entry_address',
      isOrdered: !isPrefix,
      ask: (where) => {
        where.add(() => `e.role = '${role}'`);
        if (isPrefix) where.addRange('e.address', addressOrPrefix.trim().toLowerCase().slice(0, -1));
        else where.addAddress('e.address', addressOrPrefix);
      },
    },
  };
}

function ofWord(word: string): Demand {
  return {
    // With a limit it stays one look into the index for each entry, however frequent the planner takes the word to be.
    ask: (where) =>
      where.add(
        (p) => `(select true from audit_entry_word w
           where w.organization_id = $1 and w.word = ${p} and w.creation_time = e.creation_time and w.entry_id = e.id limit 1)`,
        word,
      ),
    path: { table: 'audit_entry_word', isOrdered: true, ask: (where) => where.add((p) => `e.word = ${p}`, word) },
  };
}

function ofOperations(operations: readonly Operation[]): Demand {
  const [operation, ...others] = operations;
  if (operation !== undefined && others.length === 0) return onEntries((where) => where.add((p) => `e.operation = ${p}`, operation));
  return onEntries((where) => where.add((p) => `e.operation = any(${p}::text[])`, operations), false);
}

/**
 * @param usual value, which has no index: most entries have it, so that it is found without one. That another is asked for says by itself that the
 * partial index of the others may be taken, since each statement is planned for its own values. Saying so once more would have the planner reckon
 * with a share of a share of the entries, and read and sort all of them in place of the next ones.
 */
function ofColumn(column: string, value: string, usual?: 'Success' | 'signet'): Demand {
  const ask: Ask = (where) => where.add((p) => `e.${column} = ${p}`, value);
  return value === usual ? { ask, path: null } : onEntries(ask);
}
