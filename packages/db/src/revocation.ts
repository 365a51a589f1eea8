import type { Actor } from '@signet/domain/audit/entry';
import { decideRevocation, revokerOf, type RevocationRecipient } from '@signet/domain/revocation';
import { appendAdminRecord } from './admin-record.ts';
import { newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { loadMessages, type Doer, type MessageDetail, type MessageSight } from './message-detail.ts';
import { lockMessages, lockRecipients, sendMissingWrappers, timeOfChange, type LockedMessage } from './message-lock.ts';
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

const adminActionOf = { revoke: 'MessageRevoke', restore: 'MessageRestore' } as const;

/**
 * Revokes or restores messages, or some of their recipients, in one transaction: locks, decides, changes, records. Once
 * it has committed, no reading that begins later finds its recipient readable; each that began before holds a lock that
 * this one waited for, so its event is there before this one's.
 */
export async function changeRevocation(scope: OrganizationScope, request: RevocationRequest): Promise<RevocationOutcome> {
  return scope.transaction(async (tx) => {
    const messages = await lockMessages(tx, request.sight, request.reference);
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
  const { id: messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate } = message;
  await recordSteps(tx, { messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate }, [
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
