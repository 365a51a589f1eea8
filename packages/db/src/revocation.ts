import type { Actor } from '@signet/domain/audit/entry';
import { decideRevocation, revokerOf, type RevocationRecipient } from '@signet/domain/revocation';
import { appendAdminRecord } from './admin-record.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { findMessages, loadMessages, type Doer, type MessageDetail, type MessageSight } from './message-detail.ts';
import { addToOutbox } from './outbox.ts';
import { recordSteps } from './tracking.ts';

/** What somebody wants revoked or restored. */
export interface RevocationRequest {
  readonly action: 'revoke' | 'restore';
  /** Whose messages may be changed: what lies outside is not found. */
  readonly sight: MessageSight;
  /** A message's id or Message-ID; a Message-ID that names several messages means all of them. */
  readonly reference: string;
  /** Addresses of the recipients concerned; all of them when left out. */
  readonly recipients?: readonly string[] | undefined;
  readonly reason: string | null;
  readonly by: Doer;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

export type RevocationOutcome =
  | { readonly outcome: 'done'; readonly messages: MessageDetail[] }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: Refusal }
  /** Positions in the request's recipients that are recipients of none of the messages. */
  | { readonly outcome: 'unknown_recipients'; readonly positions: number[] };

/** Why nothing of it may be done to any of the messages. */
type Refusal = 'not_revocable' | 'revoked_by_organization';

interface LockedMessage {
  id: string;
  messageId: string;
  sender: string;
  subject: string | null;
  usesDefaultTemplate: boolean;
  erasedAt: Date | null;
}

const adminActionOf = { revoke: 'MessageRevoke', restore: 'MessageRestore' } as const;

/**
 * Revokes or restores messages, or some of their recipients, in one transaction: locks, decides, changes, records. Once
 * it has committed, no reading that begins later finds its recipient readable; each that began before holds a lock that
 * this one waited for, so its event is there before this one's.
 */
export async function changeRevocation(scope: OrganizationScope, request: RevocationRequest): Promise<RevocationOutcome> {
  return scope.transaction(async (tx) => {
    const messages = await lockMessages(tx, request);
    if (messages.length === 0) return { outcome: 'not_found' };
    const recipients = await lockRecipients(tx, messages);
    const at = await timeOfChange(tx, messages);

    const wanted = request.recipients?.map((address) => address.trim().toLowerCase());
    const present = new Set([...recipients.values()].flat().map((recipient) => recipient.address.toLowerCase()));
    const positions = (wanted ?? []).flatMap((address, position) => (present.has(address) ? [] : [position]));
    if (positions.length > 0) return { outcome: 'unknown_recipients', positions };

    let allowed = false;
    let refusal: Refusal = 'not_revocable';
    for (const message of messages) {
      const own = recipients.get(message.id) ?? [];
      const ownWanted = wanted?.filter((address) => own.some((recipient) => recipient.address.toLowerCase() === address));
      if (ownWanted?.length === 0) continue;
      const decision = decideRevocation(request.action, revokerOf(request.by.kind), own, ownWanted);
      const changed = decision.allowed ? own.filter((recipient) => decision.change.includes(recipient.id)) : [];
      if (changed.length > 0) await apply(tx, message, changed, request, at);
      await appendAdminRecord(tx, adminActOf(message, changed, request, decision.allowed ? null : decision.refusal, at));
      allowed ||= decision.allowed;
      if (!decision.allowed && decision.refusal === 'revoked_by_organization') refusal = decision.refusal;
    }
    // Committed all the same: that it was tried is on record.
    if (!allowed) return { outcome: refusal };
    return {
      outcome: 'done',
      messages: await loadMessages(
        tx,
        messages.map((message) => message.id),
      ),
    };
  });
}

/** Locks the messages too: nobody adds a recipient whom the revocation would miss. */
async function lockMessages(
  tx: OrganizationTransaction,
  { sight, reference }: Pick<RevocationRequest, 'sight' | 'reference'>,
): Promise<LockedMessage[]> {
  const named = await findMessages(tx, sight, reference);
  return tx.query<LockedMessage>(
    `select id, message_id as "messageId", sender, subject, uses_default_template as "usesDefaultTemplate", erased_at as "erasedAt"
     from message where organization_id = $1 and id = any($2::uuid[]) order by id for no key update`,
    [tx.organizationId, named.map((message) => message.id)],
  );
}

async function lockRecipients(
  tx: OrganizationTransaction,
  messages: readonly LockedMessage[],
): Promise<Map<string, RevocationRecipient[]>> {
  const rows = await tx.query<
    Omit<RevocationRecipient, 'erasedAt' | 'revokedBy'> & { messageUid: string; revokerKind: Actor['kind'] | null }
  >(
    `select id, message_uid as "messageUid", address, delivery_state as "deliveryState", revoked_at as "revokedAt",
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
async function timeOfChange(tx: OrganizationTransaction, messages: readonly LockedMessage[]): Promise<Date> {
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

async function apply(
  tx: OrganizationTransaction,
  message: LockedMessage,
  changed: readonly RevocationRecipient[],
  request: RevocationRequest,
  at: Date,
): Promise<void> {
  const ids = changed.map((recipient) => recipient.id);
  const by = JSON.stringify(request.by);
  if (request.action === 'revoke') {
    // Whom the organization takes over from a sender gets no content since the sender's revocation: its time stays.
    await tx.query(
      `update recipient set revoked_at = coalesce(revoked_at, $3), revoked_by = $4::jsonb, revoke_reason = $5 where organization_id = $1 and id = any($2::uuid[])`,
      [tx.organizationId, ids, at, by, request.reason],
    );
  } else {
    await tx.query(
      'update recipient set revoked_at = null, revoked_by = null, revoke_reason = null where organization_id = $1 and id = any($2::uuid[])',
      [tx.organizationId, ids],
    );
    await sendMissingWrappers(tx, message, changed);
  }
  await tx.query(
    `insert into revocation (organization_id, id, message_uid, kind, at, by, reason, recipient_ids)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8::uuid[])`,
    [tx.organizationId, newId(), message.id, request.action, at, by, request.reason, ids],
  );
  const about = { messageUid: message.id, messageId: message.messageId, sender: message.sender, subject: message.subject };
  await recordSteps(tx, { ...about, usesDefaultTemplate: message.usesDefaultTemplate }, [
    {
      operation: adminActionOf[request.action],
      creationTime: at,
      recipients: changed.map((recipient) => recipient.address),
      operationStatus: 'Success',
      actor: actorOf(request.by),
      properties: { Reason: request.reason, By: request.by.name },
      clientIp: request.clientIp,
      userAgent: request.userAgent,
    },
  ]);
}

/**
 * Who was revoked before their wrapper mail went out was dropped from the outbox, and knows nothing of the message yet.
 * Rows that are there are waited for: a worker may just be dropping one. Recipients come before outbox rows, as everywhere.
 */
async function sendMissingWrappers(
  tx: OrganizationTransaction,
  message: LockedMessage,
  restored: readonly RevocationRecipient[],
): Promise<void> {
  const undelivered = restored.filter(({ deliveryState }) => deliveryState === 'accepted' || deliveryState === 'deferred');
  if (undelivered.length === 0) return;
  // What the next hop has taken is not sent again, though a report says that it is late.
  const never = await tx.query<{ id: string }>(
    'select id from recipient where organization_id = $1 and id = any($2::uuid[]) and sent_at is null',
    [tx.organizationId, undelivered.map(({ id }) => id)],
  );
  const unsent = never.map(({ id }) => id);
  const rows = await tx.query<{ recipient_id: string }>(
    `select payload ->> 'recipientId' as recipient_id from outbox
     where organization_id = $1 and message_uid = $2 and kind = 'send-wrapper-mail' and payload ->> 'recipientId' = any($3::text[])
     order by id for update`,
    [tx.organizationId, message.id, unsent],
  );
  const waiting = new Set(rows.map((row) => row.recipient_id));
  await addToOutbox(
    tx,
    unsent
      .filter((recipientId) => !waiting.has(recipientId))
      .map((recipientId) => ({ kind: 'send-wrapper-mail', payload: { recipientId }, messageUid: message.id })),
  );
}

function actorOf({ kind, id, address }: Doer): Actor {
  return { kind, id, address };
}

function adminActOf(
  message: LockedMessage,
  changed: readonly RevocationRecipient[],
  request: RevocationRequest,
  refusal: string | null,
  at: Date,
) {
  return {
    action: adminActionOf[request.action],
    actor: actorOf(request.by),
    target: { kind: 'message', id: message.id },
    status: refusal === null ? ('Success' as const) : ('Failure' as const),
    reason: request.reason,
    after: {
      messageId: message.messageId,
      recipients: changed.map((recipient) => recipient.address),
      ...(refusal === null ? {} : { refusal }),
    },
    clientIp: request.clientIp,
    userAgent: request.userAgent,
    at,
  };
}
