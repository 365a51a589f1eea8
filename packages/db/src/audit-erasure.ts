import { erasureLimits, type ErasureKind, type ErasureOutcome } from '@signet/domain/erasure';
import type { HoldKind } from '@signet/domain/legal-hold';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { Conditions } from './conditions.ts';
import { clock, newId, type OrganizationScope, type OrganizationTransaction, type SystemScope } from './database.ts';
import { heldEntrySql, holdsEntrySql, lockHolds } from './held.ts';
import { nameOfDoer, type Doer } from './message-detail.ts';
import type { Queryable } from './queryable.ts';

/** Which entries are to be erased: these, or all that name an address as sender or recipient. */
export type NamedEntries =
  { readonly kind: 'entries'; readonly ids: readonly string[] } | { readonly kind: 'address'; readonly address: string };

/** Legal holds and messages that are named at most. */
const NAMED = 100;

/** Thrown where entries are named that the organization does not have, or an address that none of its entries names. */
export class UnknownEntriesError extends Error {
  override readonly name = 'UnknownEntriesError';
}

/** Thrown where everything that is named has been erased, or will be. */
export class ErasedAlreadyError extends Error {
  override readonly name = 'ErasedAlreadyError';
}

/** Thrown where legal holds keep entries that are named. */
export class HeldEntriesError extends Error {
  override readonly name = 'HeldEntriesError';
  readonly held: number;
  readonly holds: readonly HoldingHold[];

  constructor(held: number, holds: readonly HoldingHold[]) {
    super('Legal holds keep entries that are to be erased');
    this.held = held;
    this.holds = holds;
  }
}

/** A legal hold that keeps something, as far as it is told of. */
export interface HoldingHold {
  readonly id: string;
  readonly kind: HoldKind;
  readonly reason: string;
}

/** What an erasure would do. */
export interface ErasurePreview {
  /** How many would be erased. */
  readonly entries: number;
  /** How many a legal hold keeps; of an address those among the oldest that would be erased, and counted up to a limit. */
  readonly held: number;
  /** How many of those that were named have been erased, or will be; of an address, will be: who was erased is not known any more. */
  readonly already: number;
  /** There are more, which another erasure takes. */
  readonly isCut: boolean;
  /** How many messages they are about, and the first of these. */
  readonly messageCount: number;
  readonly messages: readonly { readonly messageUid: string | null; readonly messageId: string; readonly entries: number }[];
  readonly holds: readonly HoldingHold[];
}

type Organizational = Queryable & { readonly organizationId: string };

/**
 * Says what an erasure would do, and does nothing.
 * @param atMost entries that an address stands for.
 * @throws {UnknownEntriesError}
 */
export async function previewErasure(
  db: Organizational,
  named: NamedEntries,
  atMost: number = erasureLimits.byAddress,
): Promise<ErasurePreview> {
  const already = await countErased(db, named);
  const [sql, value] = foundSql(named, atMost);
  const [found] = await db.query<Found>(`with ${sql} ${toldSql}`, [db.organizationId, value]);
  return previewOf(found, already, named, atMost);
}

type Found = Omit<ErasurePreview, 'already' | 'isCut'>;

/** @throws {UnknownEntriesError} where there is nothing at all. */
function previewOf(found: Found | undefined, already: number, { kind }: NamedEntries, atMost: number): ErasurePreview {
  if (!found || found.entries + found.held + already === 0) throw new UnknownEntriesError('There are no such entries');
  return { ...found, already, isCut: kind === 'address' && found.entries >= atMost };
}

/** How many of those that are named are erased, or will be; of an address, will be. @throws {UnknownEntriesError} where one is not there and never was. */
async function countErased(db: Organizational, named: NamedEntries): Promise<number> {
  if (named.kind === 'address') return countWaiting(db, named.address);
  const [row] = await db.query<{ already: number; unknown: number }>(
    `select count(*) filter (where is_named) as already, count(*) filter (where not is_named and not is_there) as unknown
     from (
       select exists (select from audit_entry e where e.organization_id = $1::uuid and e.id = wanted.id) as is_there,
         exists (select from audit_erasure_entry x where x.organization_id = $1::uuid and x.entry_id = wanted.id
           and coalesce(x.outcome, 'erased') <> 'held') as is_named
       from (select distinct unnest($2::uuid[]) as id) as wanted
     ) as looked`,
    [db.organizationId, named.ids],
  );
  if (row && row.unknown > 0) throw new UnknownEntriesError('Some of these entries are not there');
  return row?.already ?? 0;
}

/** Entries of an address that wait for the worker: it looks through what waits, which is little, and never through all of the address. */
async function countWaiting(db: Organizational, address: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*) as count from audit_erasure_entry x cross join lateral (
       select from audit_entry_address a
       where a.organization_id = $1::uuid and a.role in ('sender', 'recipient') and a.address = lower($2::text)
         and a.creation_time = x.creation_time and a.entry_id = x.entry_id
       limit 1
     ) as named
     where x.organization_id = $1::uuid and x.outcome is null`,
    [db.organizationId, address.trim()],
  );
  return row?.count ?? 0;
}

/** An entry `e` that does not wait to be erased already. */
const isNew = `not exists (select from audit_erasure_entry x where x.organization_id = $1::uuid and x.entry_id = e.id and x.outcome is null)`;

/**
 * Common table expressions of the entries that are meant and do not wait already: `free` would be erased, the oldest first; `kept` a hold keeps.
 * Of an address they are read in the order of its index, and no further than the limit wants: `kept` are those that lie between, so that what is
 * held takes no room away from what is not.
 * @returns it with the value of its `$2`.
 */
function foundSql(named: NamedEntries, atMost: number): [sql: string, value: unknown] {
  const columns = 'e.log_index, e.id, e.creation_time, e.message_uid, e.message_id';
  if (named.kind === 'entries') {
    const of = (wanted: string) => `materialized (
      select ${columns} from audit_entry e where e.organization_id = $1::uuid and e.id = any($2::uuid[]) and ${isNew} and ${wanted})`;
    return [`free as ${of(`not ${heldEntrySql('e')}`)}, kept as ${of(heldEntrySql('e'))}`, named.ids];
  }
  // Entry by entry, as the index has them: a join that reads all of the address first is not open to the planner.
  const inRole = (role: string, wanted: string, limit: number) => `(
      select ${columns} from audit_entry_address a cross join lateral (
        select ${columns}, ${heldEntrySql('e')} as is_held from audit_entry e
        where e.organization_id = $1::uuid and e.creation_time = a.creation_time and e.id = a.entry_id and ${isNew} offset 0
      ) as e
      where a.organization_id = $1::uuid and a.role = '${role}' and a.address = lower($2::text) and ${wanted}
      order by a.creation_time, a.entry_id limit ${limit})`;
  const of = (wanted: string, limit: number) => `materialized (
      select * from (${inRole('sender', wanted, limit)} union ${inRole('recipient', wanted, limit)}) as both_roles
      order by creation_time, id limit ${limit})`;
  const sql = `free as ${of('not e.is_held', atMost)}, last as materialized (
      select creation_time, id from free order by creation_time, id offset ${atMost - 1} limit 1
    ), kept as ${of(
      `e.is_held and exists (select from legal_hold h where h.organization_id = $1::uuid and h.released_at is null)
        and (a.creation_time, a.entry_id) <= (coalesce((select creation_time from last), 'infinity'::timestamptz),
          coalesce((select id from last), 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))`,
      erasureLimits.heldByAddress,
    )}`;
  return [sql, named.address.trim()];
}

/** What is told of `free` and `kept`, as {@link Found}. */
const toldSql = `select (select count(*) from free) as entries, (select count(*) from kept) as held,
    (select count(distinct (message_uid, message_id)) from free) as "messageCount",
    coalesce((select json_agg(json_build_object('messageUid', message_uid, 'messageId', message_id, 'entries', entries)) from (
      select message_uid, message_id, count(*) as entries from free group by 1, 2 order by min(creation_time), 2 limit ${NAMED}
    ) as message), '[]') as messages,
    coalesce((select json_agg(json_build_object('id', id, 'kind', kind, 'reason', reason)) from (
      select h.id, h.kind, h.reason from legal_hold h
      where h.organization_id = $1::uuid and h.released_at is null and exists (
        select from kept join audit_entry e on e.organization_id = $1::uuid and e.creation_time = kept.creation_time and e.id = kept.id
        where ${holdsEntrySql('e')})
      order by h.created_at, h.id limit ${NAMED}
    ) as hold), '[]') as holds`;

/** An erasure, and how far it is. */
export interface StoredErasure {
  readonly id: string;
  readonly kind: ErasureKind;
  readonly reason: string;
  /** How many were named. */
  readonly entries: number;
  readonly erased: number;
  readonly held: number;
  readonly gone: number;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  /** Null: not all is done. */
  readonly endedAt: Date | null;
}

type Row = Omit<StoredErasure, 'createdBy'> & { readonly createdBy: unknown };

const columns = `a.id, a.kind, a.reason, a.entries, a.erased, a.held, a.gone, a.created_at as "createdAt", a.created_by as "createdBy",
  a.ended_at as "endedAt"`;

function erasureOf(row: Row): StoredErasure {
  return { ...row, createdBy: nameOfDoer(row.createdBy) };
}

/** Who asks for an erasure, as its records say it, and as it is kept beside it. */
export interface ErasureAct extends Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'> {
  readonly by: Doer;
}

/** What is asked for. */
export interface ErasureRequest {
  readonly named: NamedEntries;
  readonly reason: string;
  /** Takes those that no legal hold keeps, instead of refusing all. */
  readonly leaveHeld: boolean;
  /** Entries that an address stands for. */
  readonly atMost?: number;
}

/**
 * Has entries erased by law, as soon as a worker that may comes to it, and records who asked for how many and why: never which address.
 * @throws {UnknownEntriesError} {HeldEntriesError} {ErasedAlreadyError}
 */
export async function requestErasure(
  tx: OrganizationTransaction,
  { named, reason, leaveHeld, atMost = erasureLimits.byAddress }: ErasureRequest,
  { by, ...act }: ErasureAct,
): Promise<StoredErasure> {
  // What is held when this is answered is known, and two who ask for the same do so one after the other.
  await lockHolds(tx);
  const already = await countErased(tx, named);
  const id = newId();
  const [sql, value] = foundSql(named, atMost);
  // They are looked for once, while others wait for the lock: written down in the same statement, unless it is refused.
  const [found] = await tx.query<Found>(
    `with ${sql}, taken as (
       insert into audit_erasure_entry (organization_id, erasure_id, log_index, entry_id, creation_time)
       select $1::uuid, $3::uuid, log_index, id, creation_time from free where $4::boolean or not exists (select from kept)
     ) ${toldSql}`,
    [tx.organizationId, value, id, leaveHeld],
  );
  const { entries, held, holds, messageCount } = previewOf(found, already, named, atMost);
  if (held > 0 && (!leaveHeld || entries === 0)) throw new HeldEntriesError(held, holds);
  if (entries === 0) throw new ErasedAlreadyError('All of this is erased, or will be');
  const [row] = await tx.query<Row>(
    `insert into audit_erasure as a (organization_id, id, kind, reason, entries, created_at, created_by)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::json) returning ${columns}`,
    [tx.organizationId, id, named.kind, reason, entries, await clock(tx), JSON.stringify(by)],
  );
  if (!row) throw new Error('The erasure is gone');
  await appendAdminRecord(tx, {
    ...act,
    action: 'AuditErase',
    target: { kind: 'audit-erasure', id },
    reason,
    after: { kind: named.kind, entries, messages: messageCount, held },
  });
  return erasureOf(row);
}

/** One page of the organization's erasures, the newest first. @returns it, and the id that the next page is below. */
export async function listErasures(
  scope: OrganizationScope,
  page: { readonly limit: number; readonly below: string | null },
): Promise<{ items: StoredErasure[]; next: string | null }> {
  const where = new Conditions(scope.organizationId);
  if (page.below !== null) where.add((p) => `a.id < ${p}::uuid`, page.below);
  const rows = await scope.query<Row>(
    `select ${columns} from audit_erasure a where a.organization_id = $1::uuid ${where.sql} order by a.id desc limit ${page.limit + 1}`,
    where.values,
  );
  const items = rows.slice(0, page.limit).map(erasureOf);
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}

export async function findErasure(scope: OrganizationScope, id: string): Promise<StoredErasure | null> {
  const [row] = await scope.query<Row>(`select ${columns} from audit_erasure a where a.organization_id = $1::uuid and a.id = $2::uuid`, [
    scope.organizationId,
    id,
  ]);
  return row ? erasureOf(row) : null;
}

/** Erasures that are not done. */
export async function countOpenErasures(system: SystemScope): Promise<number> {
  const [row] = await system.query<{ count: number }>('select count(*) as count from audit_erasure where ended_at is null');
  return row?.count ?? 0;
}

/** What an erasure does with one entry. */
export interface EntryErasure {
  readonly erasure: StoredErasure;
  readonly outcome: ErasureOutcome;
  readonly logIndex: number;
  /** The log entry, which stays: 32 bytes. */
  readonly hash: Buffer;
  /** Where it was erased: when, and the id of the admin record that names its place. */
  readonly removedAt: Date | null;
  readonly record: string | null;
}

/** The erasure that concerns an entry: the one that erased it, or the last that was to; null where nobody asked for one. */
export async function findEntryErasure(scope: OrganizationScope, entryId: string): Promise<EntryErasure | null> {
  const [row] = await scope.query<Row & Omit<EntryErasure, 'erasure'>>(
    `select ${columns}, coalesce(x.outcome, 'waiting') as outcome, x.log_index as "logIndex", l.hash, v.removed_at as "removedAt", v.id as record
     from audit_erasure_entry x
     join audit_erasure a on a.organization_id = x.organization_id and a.id = x.erasure_id
     join log_entry l on l.organization_id = x.organization_id and l.stream = 'audit' and l.log_index = x.log_index
     left join lateral (
       select r.removal_id, r.last_index from audit_removed_range r
       where r.organization_id = x.organization_id and r.first_index <= x.log_index order by r.first_index desc limit 1
     ) as range on range.last_index >= x.log_index
     left join audit_removal v on v.organization_id = x.organization_id and v.id = range.removal_id
     where x.organization_id = $1::uuid and x.entry_id = $2::uuid
     order by x.outcome is distinct from 'erased', x.outcome is not null, a.created_at desc limit 1`,
    [scope.organizationId, entryId],
  );
  if (!row) return null;
  const { outcome, logIndex, hash, removedAt, record, ...erasure } = row;
  return { erasure: erasureOf(erasure), outcome, logIndex, hash, removedAt, record };
}
