import type { Actor } from '@signet/domain/audit/entry';
import { decideExpiryChange, type ExpiryRefusal, type SenderExpiryPolicy } from '@signet/domain/message-expiry';
import { revokerOf, type RevocationRecipient } from '@signet/domain/revocation';
import { appendAdminRecord } from './admin-record.ts';
import type { OrganizationScope, OrganizationTransaction } from './database.ts';
import { expireStep, NAMED_RECIPIENTS, wasTracked } from './expiry-booking.ts';
import { loadMessages, type Doer, type MessageDetail, type MessageSight } from './message-detail.ts';
import { lockMessages, lockRecipients, sendMissingWrappers, timeOfChange, type LockedMessage } from './message-lock.ts';
import { recordSteps } from './tracking.ts';

/** What somebody wants of a message's expiry. */
export interface ExpiryRequest {
  /** Whose messages may be changed: what lies outside is not found. */
  readonly sight: MessageSight;
  /** The message's id. */
  readonly messageUid: string;
  /** Null: never. A time that has passed: now. */
  readonly expiresAt: Date | null;
  readonly reason: string | null;
  readonly by: Doer;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

export type ExpiryOutcome =
  | { readonly outcome: 'done'; readonly message: MessageDetail }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'refused'; readonly refusal: ExpiryRefusal };

/**
 * Changes when a message expires, in one transaction and under the same locks as revoking it: once it has committed, no
 * reading that begins later gets content past the new time, and each that began before has its event before this one's.
 * An expiry that had been reached and that nobody had booked yet is booked first: putting it off does not undo it.
 */
export async function changeExpiry(scope: OrganizationScope, request: ExpiryRequest): Promise<ExpiryOutcome> {
  return scope.transaction(async (tx) => {
    const [message] = await lockMessages(tx, request.sight, request.messageUid);
    if (!message) return { outcome: 'not_found' };
    const recipients = (await lockRecipients(tx, [message])).get(message.id) ?? [];
    const at = await timeOfChange(tx, [message]);
    const reached = recipients.filter(({ unwrapped }) => !unwrapped);
    const decision = decideExpiryChange(
      { ...message, allPassed: reached.length === 0 },
      { wanted: request.expiresAt, by: revokerOf(request.by.kind), policy: await senderPolicy(tx), at },
    );
    if (decision.allowed && decision.changes) await apply(tx, message, reached, decision.expiresAt, request, at);
    await appendAdminRecord(tx, {
      action: 'ExpiryChange',
      actor: actorOf(request.by),
      target: { kind: 'message', id: message.id },
      status: decision.allowed ? 'Success' : 'Failure',
      reason: request.reason,
      before: { expiresAt: textOf(message.expiresAt) },
      after: {
        messageId: message.messageId,
        expiresAt: textOf(decision.allowed ? decision.expiresAt : request.expiresAt),
        ...(decision.allowed ? {} : { refusal: decision.refusal }),
      },
      clientIp: request.clientIp,
      userAgent: request.userAgent,
      at,
    });
    // Committed all the same: that it was tried is on record.
    if (!decision.allowed) return { outcome: 'refused', refusal: decision.refusal };
    const [changed] = await loadMessages(tx, [message.id]);
    return changed ? { outcome: 'done', message: changed } : { outcome: 'not_found' };
  });
}

async function senderPolicy(tx: OrganizationTransaction): Promise<SenderExpiryPolicy> {
  const [row] = await tx.query<{ policy: SenderExpiryPolicy }>(
    'select senders_may_change_expiry as policy from organization where id = $1',
    [tx.organizationId],
  );
  return row?.policy ?? 'never';
}

async function apply(
  tx: OrganizationTransaction,
  message: LockedMessage,
  reached: readonly RevocationRecipient[],
  expiresAt: Date | null,
  request: ExpiryRequest,
  at: Date,
): Promise<void> {
  const wasOver = message.expiresAt !== null && message.expiresAt <= at;
  const addresses = reached.slice(0, NAMED_RECIPIENTS).map((recipient) => recipient.address);
  await tx.query(
    `update message set expires_at = $3, expiry_set_by = $4, expiry_booked_for = case when $5 then expires_at else expiry_booked_for end
     where organization_id = $1 and id = $2`,
    [tx.organizationId, message.id, expiresAt, revokerOf(request.by.kind), wasOver],
  );
  const { id: messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate } = message;
  const about = { messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate };
  if (message.expiresAt && wasOver && message.expiryBookedFor?.getTime() !== message.expiresAt.getTime()) {
    const tracked = await wasTracked(tx, message, message.expiresAt);
    await recordSteps(tx, about, [expireStep(message.expiresAt, addresses)], { tracked });
  }
  await recordSteps(tx, about, [
    {
      operation: 'ExpiryChange',
      creationTime: at,
      recipients: addresses,
      operationStatus: 'Success',
      actor: actorOf(request.by),
      properties: { ExpiresAt: textOf(expiresAt) ?? 'Never' },
      clientIp: request.clientIp,
      userAgent: request.userAgent,
    },
  ]);
  if (wasOver) {
    await sendMissingWrappers(
      tx,
      message,
      reached.filter(({ revokedAt }) => revokedAt === null),
    );
  }
}

function actorOf({ kind, id, address }: Doer): Actor {
  return { kind, id, address };
}

function textOf(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
