import { setImmediate as pause } from 'node:timers/promises';
import { adminEvent, type AdminEvent } from '@signet/domain/audit/admin-record';
import { contentHashOf } from '@signet/domain/audit/canonical-form';
import { auditEvent, type AuditEvent } from '@signet/domain/audit/entry';
import { eventOfIntegration, type IntegrationEvent } from '@signet/domain/audit/integration-event';
import { MAIL_SUBJECT } from '@signet/domain/audit/unknown-properties';
import type { OrganizationTransaction } from './database.ts';
import { addToOutbox } from './outbox.ts';
import { readRecording } from './recording.ts';

/** Thrown when an event's id is known with other content. Names the positions in the list that was given. */
export class EventIdConflictError extends Error {
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
 * @param given events of this organization. `notBefore` keeps them in the outbox until then (a download's end).
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
  return append(
    tx,
    events.map((event) => ({ event, hash: Buffer.from(contentHashOf(event)), eventTime: new Date(event.creationTime) })),
    options,
  );
}

/** Events that are made ready without a pause, which other requests would wait for. */
const SLICE = 200;

/**
 * Appends what an integration states. An id that comes twice, here or before, with the same content is a duplicate: what the integration
 * said is compared, not what the policy of that day, or a message that came meanwhile, made of it. Where the policy hides something of
 * address, agent or subject, none of the three is compared.
 * @param source of the entries.
 * @param now the database's clock, which an event's own time may be ahead of.
 * @throws {EventIdConflictError} when an id comes, or is known, with other content; nothing is appended then.
 */
export async function appendIntegrationEvents(
  tx: OrganizationTransaction,
  source: string,
  given: readonly IntegrationEvent[],
  now: Date,
): Promise<AppendedEvents> {
  const recording = await readRecording(tx);
  const uids = await messageUidsOf(tx, [...new Set(given.map(({ messageId }) => messageId))]);
  const { recordedClientIp, recordedUserAgent, recordedSubject } = recording;
  const isWhole = [recordedClientIp, recordedUserAgent, recordedSubject].every((form) => form === 'full');
  const received: ReceivedEvent[] = [];
  for (let start = 0; start < given.length; start += SLICE) {
    for (const stated of given.slice(start, start + SLICE)) {
      const messageUid = uids.get(stated.messageId) ?? null;
      const event = eventOfIntegration(stated, { source, organizationId: tx.organizationId, messageUid }, recording);
      const whole = () => Buffer.from(contentHashOf({ ...stated, source }));
      const open = () => Buffer.from(contentHashOf({ open: withoutHidden(stated), source }));
      // Of what the policy hides not even a hash is kept: an address is soon guessed.
      const [hash, otherwise] = isWhole ? [whole(), open] : [open(), whole];
      received.push({ event, hash, otherwise, eventTime: new Date(Math.min(Date.parse(event.creationTime), now.getTime())) });
    }
    await pause();
  }
  return append(tx, received);
}

/**
 * Appends what was read from another system's audit log, as that system recorded it: the privacy policy is about what Signet and those who
 * report to it see, and a record that was changed would be no record of that system.
 * @param given without Signet's own id of the message, which is looked up: a message that came meanwhile makes no other event of it.
 * @param now the database's clock, which an event's own time may be ahead of.
 * @throws {EventIdConflictError} when an id comes, or is known, with other content; nothing is appended then.
 */
export async function appendImportedEvents(
  tx: OrganizationTransaction,
  given: readonly (AuditEvent & { readonly messageUid: null })[],
  now: Date,
): Promise<AppendedEvents> {
  const uids = await messageUidsOf(tx, [...new Set(given.map(({ messageId }) => messageId))]);
  return append(
    tx,
    given.map((event) => ({
      event: { ...event, messageUid: uids.get(event.messageId) ?? null },
      hash: Buffer.from(contentHashOf(event)),
      eventTime: new Date(Math.min(Date.parse(event.creationTime), now.getTime())),
    })),
  );
}

/** What is left of an event whatever the privacy policy hides. */
function withoutHidden(event: IntegrationEvent): IntegrationEvent {
  const operationProperties = event.operationProperties.filter(({ name }) => name !== MAIL_SUBJECT);
  return { ...event, clientIp: null, userAgent: null, operationProperties };
}

/** Signet's own ids of the messages that have these Message-IDs, where exactly one has. */
async function messageUidsOf(tx: OrganizationTransaction, messageIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ message_id: string; id: string }>(
    `select message_id, min(id::text) as id from message
     where organization_id = $1::uuid and message_id = any($2::text[]) group by message_id having count(*) = 1`,
    [tx.organizationId, messageIds],
  );
  return new Map(rows.map((row) => [row.message_id, row.id]));
}

interface ReceivedEvent {
  readonly event: AuditEvent;
  /** Of its content, for its receipt: one with the same is that of the same event. */
  readonly hash: Buffer;
  /** What the receipt of the same event may have in its place. */
  readonly otherwise?: () => Buffer;
  /** When it happened, never later than now. */
  readonly eventTime: Date;
}

async function append(
  tx: OrganizationTransaction,
  received: readonly ReceivedEvent[],
  options: { notBefore?: Date } = {},
): Promise<AppendedEvents> {
  const hashOf = new Map<string, Buffer>();
  for (const { event, hash } of received) if (!hashOf.has(event.id)) hashOf.set(event.id, hash);
  const inserted = await tx.query<{ event_id: string }>(
    `insert into audit_receipt (organization_id, event_id, content_hash)
     select $1::uuid, receipt.event_id, receipt.content_hash
     from unnest($2::uuid[], $3::bytea[]) as receipt(event_id, content_hash) order by receipt.event_id
     on conflict do nothing returning event_id`,
    [tx.organizationId, [...hashOf.keys()], [...hashOf.values()]],
  );
  const fresh = new Set(inserted.map((row) => row.event_id));
  if (fresh.size < received.length) {
    const known = await tx.query<{ event_id: string; content_hash: Buffer }>(
      'select event_id, content_hash from audit_receipt where organization_id = $1 and event_id = any($2::uuid[])',
      [tx.organizationId, [...hashOf.keys()].filter((id) => !fresh.has(id))],
    );
    for (const row of known) hashOf.set(row.event_id, row.content_hash);
    const conflicts = received.flatMap(({ event, hash, otherwise }, index) => {
      const first = hashOf.get(event.id) ?? hash;
      // What was erased by law has no hash: it is known, whatever comes under its id, and does not come back.
      const isKnown = first.length === 0 || first.equals(hash) || (otherwise && first.equals(otherwise()));
      return isKnown ? [] : [index];
    });
    if (conflicts.length > 0) throw new EventIdConflictError(conflicts);
  }
  const added = received.filter(({ event }) => fresh.delete(event.id));
  const outboxIds = await addToOutbox(
    tx,
    added.map(({ event, eventTime }) => ({
      kind: 'ingest-audit-event',
      payload: event,
      messageUid: event.messageUid,
      eventTime,
      ...options,
    })),
  );
  return { outboxIds, duplicates: received.length - added.length };
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
