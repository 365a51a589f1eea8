import type { Actor } from '@signet/domain/audit/entry';
import type { ExpirySetter } from '@signet/domain/message-expiry';
import { revokerOf, type RevocationRecipient } from '@signet/domain/revocation';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { newId, type OrganizationTransaction } from './database.ts';
import { findMessages, type MessageSight } from './message-detail.ts';
import { addToOutbox } from './outbox.ts';

/** A message whose row nobody else changes until the transaction ends. */
export interface LockedMessage {
  readonly id: string;
  readonly messageId: string;
  readonly sender: string;
  readonly subject: string | null;
  readonly subjectRecorded: RecordedForm;
  readonly usesDefaultTemplate: boolean;
  readonly acceptedAt: Date;
  readonly expiresAt: Date | null;
  readonly expirySetBy: ExpirySetter;
  readonly expiryBookedFor: Date | null;
  readonly erasedAt: Date | null;
}

const lockedColumns = `id, message_id as "messageId", sender, subject, subject_recorded as "subjectRecorded", uses_default_template as "usesDefaultTemplate",
  accepted_at as "acceptedAt", expires_at as "expiresAt", expiry_set_by as "expirySetBy", expiry_booked_for as "expiryBookedFor",
  erased_at as "erasedAt"`;

/** Locks the messages that a reference names: nobody adds a recipient whom the change would miss. */
export async function lockMessages(tx: OrganizationTransaction, sight: MessageSight, reference: string): Promise<LockedMessage[]> {
  const named = await findMessages(tx, sight, reference);
  return tx.query<LockedMessage>(
    `select ${lockedColumns} from message where organization_id = $1 and id = any($2::uuid[]) order by id for no key update`,
    [tx.organizationId, named.map((message) => message.id)],
  );
}

/** Locks the messages' recipients, after the messages and in the order of their ids, and so waits for every reading in flight. */
export async function lockRecipients(
  tx: OrganizationTransaction,
  messages: readonly LockedMessage[],
): Promise<Map<string, RevocationRecipient[]>> {
  const rows = await tx.query<
    Omit<RevocationRecipient, 'erasedAt' | 'revokedBy'> & { messageUid: string; revokerKind: Actor['kind'] | null }
  >(
    `select id, message_uid as "messageUid", address, delivery_state as "deliveryState", unwrapped, revoked_at as "revokedAt",
       revoked_by ->> 'kind' as "revokerKind"
     from recipient where organization_id = $1 and message_uid = any($2::uuid[]) order by id for update`,
    [tx.organizationId, messages.map((message) => message.id)],
  );
  const erasedAt = new Map(messages.map((message) => [message.id, message.erasedAt]));
  return Map.groupBy(
    rows.map(({ revokerKind, ...row }) => ({
      ...row,
      revokedBy: row.revokedAt && revokerOf(revokerKind ?? undefined),
      erasedAt: erasedAt.get(row.messageUid) ?? null,
    })),
    (row) => row.messageUid,
  );
}

/**
 * The time of a change, read under its locks, so after every reading that it waited for: the report parts them by their times. The clocks
 * of a computer's processors differ by a part of a millisecond, and a clock may be set back: where a step of these messages is
 * dated later than now, the change is dated with it, and after the change before it in any case.
 */
export async function timeOfChange(tx: OrganizationTransaction, messages: readonly { readonly id: string }[]): Promise<Date> {
  const [row] = await tx.query<{ at: Date }>(
    `select greatest(
       date_trunc('milliseconds', clock_timestamp()),
       (select max(event_time) from outbox where organization_id = $1 and message_uid = any($2::uuid[])
          and kind = 'ingest-audit-event' and payload ->> 'source' = 'signet' and event_time > statement_timestamp()),
       (select max(creation_time) from audit_entry where organization_id = $1 and message_uid = any($2::uuid[])
          and source = 'signet' and creation_time > statement_timestamp()),
       (select max(at) + interval '1 millisecond' from revocation where organization_id = $1 and message_uid = any($2::uuid[]))
     ) as at`,
    [tx.organizationId, messages.map((message) => message.id)],
  );
  if (!row) throw new DatabaseUnavailableError('The database did not tell the time');
  return row.at;
}

/**
 * Whose access ended before their wrapper mail went out was dropped from the outbox, and knows nothing of the message yet.
 * Rows that are there are waited for: a worker may just be dropping one. Recipients come before outbox rows, as everywhere.
 * @param readable who may read the message from now on.
 */
export async function sendMissingWrappers(
  tx: OrganizationTransaction,
  message: Pick<LockedMessage, 'id'>,
  readable: readonly RevocationRecipient[],
): Promise<void> {
  const undelivered = readable.filter(
    ({ unwrapped, deliveryState }) => !unwrapped && (deliveryState === 'accepted' || deliveryState === 'deferred'),
  );
  if (undelivered.length === 0) return;
  // What the next hop has taken is not sent again, though a report says that it is late; unless it was to be sent once more.
  const owed = await tx.query<{ id: string; again: boolean }>(
    `select id, sent_at is not null as again from recipient
     where organization_id = $1 and id = any($2::uuid[]) and (sent_at is null or delivery_state = 'accepted')`,
    [tx.organizationId, undelivered.map(({ id }) => id)],
  );
  const rows = await tx.query<{ recipient_id: string }>(
    `select payload ->> 'recipientId' as recipient_id from outbox
     where organization_id = $1 and message_uid = $2 and kind = 'send-wrapper-mail' and payload ->> 'recipientId' = any($3::text[])
     order by id for update`,
    [tx.organizationId, message.id, owed.map(({ id }) => id)],
  );
  const waiting = new Set(rows.map((row) => row.recipient_id));
  await addToOutbox(
    tx,
    owed
      .filter(({ id }) => !waiting.has(id))
      .map(({ id: recipientId, again }) => ({
        kind: 'send-wrapper-mail',
        payload: again ? { recipientId, resend: newId() } : { recipientId },
        messageUid: message.id,
      })),
  );
}
