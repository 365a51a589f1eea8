import { adminEvent, type AdminEvent } from '@signet/domain/audit/admin-record';
import { contentHashOf } from '@signet/domain/audit/canonical-form';
import { auditEvent, type AuditEvent } from '@signet/domain/audit/entry';
import type { OrganizationTransaction } from './database.ts';
import { addToOutbox } from './outbox.ts';

/** Thrown when an event's id is known with other content. Names the positions in the list that was given. */
class EventIdConflictError extends Error {
  override readonly name = 'EventIdConflictError';
  readonly indexes: readonly number[];

  constructor(indexes: readonly number[]) {
    super('Another event is already known under the same id');
    this.indexes = indexes;
  }
}

/** What became of events that were appended: `outboxIds` are those of the new ones, in their order. */
export interface AppendedEvents {
  readonly outboxIds: string[];
  readonly duplicates: number;
}

/**
 * Appends events to the audit trail in the transaction that they record: nothing can happen without its event, and no
 * event without what it tells of. Receipts make a repeat harmless.
 * @param given events of this organization, ids distinct. `notBefore` keeps them in the outbox until then (a download's end).
 * @throws {EventIdConflictError} when an id is known with other content; nothing is appended then.
 * @throws {z.ZodError} when an event is not one: whoever appends it cleans foreign texts first (`signetEvent`).
 */
export async function appendAuditEvents(
  tx: OrganizationTransaction,
  given: readonly AuditEvent[],
  options: { notBefore?: Date } = {},
): Promise<AppendedEvents> {
  if (given.length === 0) return { outboxIds: [], duplicates: 0 };
  // What is refused here fails its own transaction; what is found bad only later would be an event that nobody sees.
  const events = given.map((event) => auditEvent.parse(event));
  const ids = events.map((event) => event.id);
  const hashes = events.map((event) => Buffer.from(contentHashOf(event)));
  const inserted = await tx.query<{ event_id: string }>(
    `insert into audit_receipt (organization_id, event_id, content_hash)
     select $1::uuid, receipt.event_id, receipt.content_hash
     from unnest($2::uuid[], $3::bytea[]) as receipt(event_id, content_hash) order by receipt.event_id
     on conflict do nothing returning event_id`,
    [tx.organizationId, ids, hashes],
  );
  const fresh = new Set(inserted.map((row) => row.event_id));
  if (fresh.size < events.length) await refuseConflicts(tx, ids, hashes, fresh);
  const outboxIds = await addToOutbox(
    tx,
    events
      .filter((event) => fresh.has(event.id))
      .map((event) => ({
        kind: 'ingest-audit-event',
        payload: event,
        messageUid: event.messageUid,
        eventTime: new Date(event.creationTime),
        ...options,
      })),
  );
  return { outboxIds, duplicates: events.length - fresh.size };
}

async function refuseConflicts(
  tx: OrganizationTransaction,
  ids: readonly string[],
  hashes: readonly Buffer[],
  fresh: ReadonlySet<string>,
): Promise<void> {
  const known = await tx.query<{ event_id: string; content_hash: Buffer }>(
    'select event_id, content_hash from audit_receipt where organization_id = $1 and event_id = any($2::uuid[])',
    [tx.organizationId, ids.filter((id) => !fresh.has(id))],
  );
  const hashOf = new Map(known.map((row) => [row.event_id, row.content_hash]));
  const conflicts = ids.flatMap((id, index) => (hashOf.get(id)?.equals(hashes[index] ?? Buffer.alloc(0)) === false ? [index] : []));
  if (conflicts.length) throw new EventIdConflictError(conflicts);
}

/** Appends administrative acts, refused ones and reads of the trail included, in the transaction that they record. */
export async function appendAdminEvents(tx: OrganizationTransaction, events: readonly AdminEvent[]): Promise<void> {
  await addToOutbox(
    tx,
    events
      .map((event) => adminEvent.parse(event))
      .map((event) => ({ kind: 'ingest-admin-event', payload: event, eventTime: new Date(event.creationTime) })),
  );
}
