import { recordTextOf } from '@signet/domain/audit/record-text';
import { backoffSeconds, jobKinds, jobs, type JobKind } from '@signet/domain/jobs';
import type { OrganizationScope, OrganizationTransaction, SystemScope, Transaction } from './database.ts';

/** Characters of an error that a row keeps. */
const ERROR_LENGTH = 2_000;

// The outbox is empty now and holds a hundred thousand rows a minute later: a plan that was made and kept while it was empty reads all of it for
// each row. What touches many rows is therefore planned anew each time, which costs less than one of them.

/** Something that must happen later, decided in the transaction that writes it. */
export interface OutboxItem {
  readonly kind: JobKind;
  readonly payload: object;
  readonly messageUid?: string | null;
  /** When what it tells of happened; now where it tells of nothing. */
  readonly eventTime?: Date;
  /** Not before this time; at once where absent. */
  readonly notBefore?: Date;
}

/** Adds rows to the outbox in the transaction that decided them. @returns their ids in the same order. */
export async function addToOutbox(tx: OrganizationTransaction, items: readonly OutboxItem[]): Promise<string[]> {
  if (items.length === 0) return [];
  const rows = await tx.query<{ id: number | bigint }>(
    `insert into outbox (organization_id, kind, payload, message_uid, event_time, next_attempt_at)
     select $1::uuid, item.kind, item.payload, item.message_uid, coalesce(item.event_time, clock_timestamp()), coalesce(item.not_before, clock_timestamp())
     from jsonb_to_recordset($2::jsonb)
       as item(kind text, payload jsonb, message_uid uuid, event_time timestamptz, not_before timestamptz, position bigint)
     order by item.position
     returning id`,
    [tx.organizationId, JSON.stringify(items.map(toRow))],
  );
  return rows.map((row) => String(row.id));
}

function toRow(item: OutboxItem, position: number) {
  return {
    position,
    kind: item.kind,
    payload: item.payload,
    message_uid: item.messageUid ?? null,
    event_time: item.eventTime ?? null,
    not_before: item.notBefore ?? null,
  };
}

/** Due rows of one kind that the relay has leased and hands to the queue, as ids only. */
export interface LeasedRows {
  readonly kind: JobKind;
  readonly ids: string[];
}

/**
 * Leases rows that are due and not leased, or whose lease ran out, oldest first, for the time that their kind allows.
 * Two relays never lease the same row (`FOR UPDATE SKIP LOCKED`). What it costs grows with the rows that are leased, not with those that
 * wait or were leased before: the index has just this order, and is read up to a time that stands still (`outbox_lease_idx`). They are
 * chosen as an array, once: joined, they might be chosen anew for each row of the outbox, and each time be others.
 * @param limit rows at most.
 */
export async function leaseDueRows(system: SystemScope, limit: number): Promise<LeasedRows[]> {
  const leases = JSON.stringify(Object.fromEntries(jobKinds.map((kind) => [kind, jobs[kind].leaseSeconds])));
  const rows = await system.queryPlannedAnew<{ id: number; kind: JobKind }>(
    `update outbox set leased_until = clock_timestamp() + make_interval(secs => ($2::jsonb ->> outbox.kind)::int)
     where id = any(array(
       select id from outbox
       where dead_at is null and greatest(next_attempt_at, leased_until) <= statement_timestamp() and kind = any($3::text[])
       order by greatest(next_attempt_at, leased_until), id limit $1 for update skip locked
     ))
     returning outbox.id, outbox.kind`,
    [limit, leases, jobKinds],
  );
  const byKind = new Map<JobKind, string[]>();
  for (const row of rows) byKind.set(row.kind, [...(byKind.get(row.kind) ?? []), String(row.id)]);
  return [...byKind].map(([kind, ids]) => ({ kind, ids: ids.toSorted((a, b) => Number(a) - Number(b)) }));
}

/** A row that a consumer holds locked while it does what the row asks. */
export interface OutboxRow {
  readonly id: string;
  readonly organizationId: string;
  readonly kind: JobKind;
  readonly payload: unknown;
  readonly messageUid: string | null;
  readonly attempts: number;
}

interface StoredRow {
  readonly id: number;
  readonly organization_id: string;
  readonly kind: JobKind;
  readonly payload: unknown;
  readonly message_uid: string | null;
  readonly attempts: number;
}

const rowColumns = 'id, organization_id, kind, payload, message_uid, attempts';

/**
 * Whether a row that was handed out may be worked on. The relay saw it due by the clock of another processor, and those of one computer
 * can differ by a part of a millisecond (and a clock may be set back a little): without a second's grace such a row is passed over, and
 * waits until its lease ends. Whatever puts a row off does so by more than that.
 */
const mayBeWorkedOn = `dead_at is null and next_attempt_at <= clock_timestamp() + interval '1 second'`;

function rowOf(row: StoredRow): OutboxRow {
  return {
    id: String(row.id),
    organizationId: row.organization_id,
    kind: row.kind,
    payload: row.payload,
    messageUid: row.message_uid,
    attempts: row.attempts,
  };
}

/**
 * Locks the rows of a job that are to be done now; rows that are gone, dead, put off or in another consumer's hands are
 * left out.
 */
export async function takeRows(tx: Transaction, ids: readonly string[]): Promise<OutboxRow[]> {
  const rows = await tx.queryPlannedAnew<StoredRow>(
    `select ${rowColumns} from outbox
     where id = any($1::bigint[]) and ${mayBeWorkedOn} order by id for update skip locked`,
    [ids],
  );
  return rows.map(rowOf);
}

/**
 * Claims a row for work that is done outside any transaction (sending a mail): it is due again only after `seconds`, so
 * nobody else begins it meanwhile, and a killed process loses it for no longer.
 * @returns null when the row is gone, dead, not due, or claimed by somebody else: then there is nothing to do.
 */
export async function claimRow(tx: Transaction, id: string, seconds: number): Promise<OutboxRow | null> {
  const [taken] = await takeRows(tx, [id]);
  if (!taken) return null;
  await tx.query(
    `update outbox set next_attempt_at = clock_timestamp() + make_interval(secs => $2),
       leased_until = clock_timestamp() + make_interval(secs => $2) where id = $1`,
    [id, seconds],
  );
  return taken;
}

/** Locks a claimed row for the transaction that records what came of it. @returns false when somebody else did. */
export async function lockClaimed(tx: Transaction, row: OutboxRow): Promise<boolean> {
  const rows = await tx.query('select 1 from outbox where id = $1 and attempts = $2 and dead_at is null for update', [
    row.id,
    row.attempts,
  ]);
  return rows.length > 0;
}

/** Lets the relay hand leased rows on again after so many seconds at the latest: whoever had them cannot work on them. */
export async function shortenLeases(system: SystemScope, ids: readonly string[], seconds: number): Promise<void> {
  await system.queryPlannedAnew(
    `update outbox set leased_until = least(leased_until, clock_timestamp() + make_interval(secs => $2))
     where id = any($1::bigint[]) and leased_until is not null`,
    [ids, seconds],
  );
}

/** Removes rows in the transaction that did what they ask: a repeated or lost job changes nothing. */
export async function removeRows(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.queryPlannedAnew('delete from outbox where id = any($1::bigint[])', [ids]);
}

/**
 * Books a failed attempt: the next one after its backoff, or never again once its attempts are used up.
 * @param error in words; characters that the database cannot hold are taken out.
 * @param allowed attempts; as many as its kind has where it is not given.
 * @returns whether the row is dead now.
 */
export async function failRow(
  db: Transaction | SystemScope,
  row: OutboxRow,
  error: string,
  allowed: number = jobs[row.kind].attempts,
): Promise<boolean> {
  const attempts = row.attempts + 1;
  const dead = attempts >= allowed;
  await db.query(
    `update outbox set attempts = $2, last_error = $3, leased_until = null,
       next_attempt_at = clock_timestamp() + make_interval(secs => $4), dead_at = case when $5 then clock_timestamp() end
     where id = $1 and attempts = $2 - 1`,
    [row.id, attempts, recordTextOf(error, ERROR_LENGTH), backoffSeconds(attempts), dead],
  );
  return dead;
}

/** How many events of one organization may wait to become entries: what comes on top is told to come later. */
export const WAITING_EVENTS = 200_000;

/** Whether so many events of the organization wait that no more are to be taken. */
export async function isIngestFull(scope: OrganizationScope): Promise<boolean> {
  const rows = await scope.queryPlannedAnew(
    `select from outbox where organization_id = $1::uuid and kind = 'ingest-audit-event' order by event_time offset $2 limit 1`,
    [scope.organizationId, WAITING_EVENTS],
  );
  return rows.length > 0;
}

/** A row that is not dead, in the hands of nobody, due or not: its work broke half-way. */
export async function lockBroken(tx: Transaction, id: string): Promise<(OutboxRow & { readonly lastError: string | null }) | null> {
  const [row] = await tx.query<StoredRow & { last_error: string | null }>(
    `select ${rowColumns}, last_error from outbox where id = $1 and dead_at is null for update skip locked`,
    [id],
  );
  return row ? { ...rowOf(row), lastError: row.last_error } : null;
}

/** How many rows wait, how many of them failed before, how old the oldest due one is in seconds, and how many are dead: of one organization, or of all for metrics. */
export async function outboxBacklog(
  system: SystemScope,
  organizationId: string | null = null,
): Promise<{ waiting: number; retrying: number; oldestSeconds: number; dead: number }> {
  const [row] = await system.query<{ waiting: number; retrying: number; oldest: number | null; dead: number }>(
    `select count(*) filter (where dead_at is null) as waiting, count(*) filter (where dead_at is null and attempts > 0) as retrying,
       count(*) filter (where dead_at is not null) as dead,
       extract(epoch from clock_timestamp() - min(next_attempt_at) filter (where dead_at is null))::float8 as oldest
     from outbox where $1::uuid is null or organization_id = $1::uuid`,
    [organizationId],
  );
  const { waiting = 0, retrying = 0, dead = 0 } = row ?? {};
  return { waiting, retrying, oldestSeconds: Math.max(0, row?.oldest ?? 0), dead };
}
