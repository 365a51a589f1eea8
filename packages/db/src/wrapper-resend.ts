import type { RevocationRecipient } from '@signet/domain/revocation';
import { resendLimit, resendRefusalOf, type ResendRefusal } from '@signet/domain/wrapper-resend';
import { appendAdminRecord } from './admin-record.ts';
import { clock, newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { loadMessages, type Doer, type MessageDetail, type MessageSight } from './message-detail.ts';
import { lockMessages, lockRecipients, type LockedMessage } from './message-lock.ts';
import { addToOutbox } from './outbox.ts';
import { countTries } from './rate-limit.ts';
import { recordSteps } from './tracking.ts';

/** Which recipients of a message are to be sent the mail with their link again. */
export interface ResendRequest {
  readonly sight: MessageSight;
  readonly messageUid: string;
  /** Addresses; all who can still get the message when left out. */
  readonly recipients?: readonly string[] | undefined;
  readonly by: Doer;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

/** Whom the mail is not sent to, and why. */
export interface RefusedRecipient {
  readonly address: string;
  readonly refusal: ResendRefusal;
}

export type ResendOutcome =
  | { readonly outcome: 'done'; readonly message: MessageDetail }
  | { readonly outcome: 'not_found' }
  /** Positions in the request's recipients that are no recipients of the message. */
  | { readonly outcome: 'unknown_recipients'; readonly positions: number[] }
  | { readonly outcome: 'refused'; readonly refused: RefusedRecipient[] }
  | { readonly outcome: 'too_many'; readonly retryAfterSeconds: number };

/**
 * Sends recipients the mail with their link again, the link staying the same: locks, decides, and writes the mails, the events and
 * the admin record in one transaction. All or nothing where recipients are named; where none are, whoever cannot get the message is left
 * out, and it is refused where nobody else is there. A recipient whose mail still waits gets that one alone; a mail that was given up is
 * replaced by the new one. A refusal is on record too.
 */
export async function resendWrappers(scope: OrganizationScope, request: ResendRequest): Promise<ResendOutcome> {
  return scope.transaction(async (tx) => {
    const message = (await lockMessages(tx, request.sight, request.messageUid)).find(({ id }) => id === request.messageUid);
    if (!message) return { outcome: 'not_found' };
    const own = (await lockRecipients(tx, [message])).get(message.id) ?? [];
    const at = await clock(tx);

    const wanted = request.recipients?.map(keyOf);
    const present = new Set(own.map(({ address }) => keyOf(address)));
    const positions = (wanted ?? []).flatMap((address, position) => (present.has(address) ? [] : [position]));
    if (positions.length > 0) return { outcome: 'unknown_recipients', positions };

    const chosen = wanted ? own.filter(({ address }) => wanted.includes(keyOf(address))) : own;
    const refused = chosen.flatMap((recipient): RefusedRecipient[] => {
      const refusal = resendRefusalOf({ ...recipient, expiresAt: message.expiresAt }, at);
      return refusal === null ? [] : [{ address: recipient.address, refusal }];
    });
    const closed = new Set(refused.map(({ address }) => address));
    const open = chosen.filter(({ address }) => !closed.has(address));
    if (open.length === 0 || (wanted && refused.length > 0)) {
      await appendAdminRecord(tx, actOf(request, message, at, { recipients: [...closed], refusal: 'not_resendable' }));
      return { outcome: 'refused', refused };
    }

    const fresh = await withoutWaiting(tx, message, open);
    const buckets = fresh.map(({ id }) => `wrapper-resend:recipient:${id}`);
    const decision = await countTries(tx, buckets, resendLimit.count, resendLimit.windowSeconds);
    const recipients = fresh.map(({ address }) => address);
    if (!decision.allowed) {
      await appendAdminRecord(tx, actOf(request, message, at, { recipients, refusal: 'too_many_requests' }));
      return { outcome: 'too_many', retryAfterSeconds: decision.retryAfterSeconds };
    }
    await sendAgain(tx, message, fresh, request, at);
    await appendAdminRecord(tx, actOf(request, message, at, { recipients }));
    const [changed] = await loadMessages(tx, [message.id]);
    return changed ? { outcome: 'done', message: changed } : { outcome: 'not_found' };
  });
}

const keyOf = (address: string): string => address.trim().toLowerCase();

/**
 * Those of the recipients for whom no mail waits. What was given up does not wait: it goes, so that nobody revives it besides.
 * Recipients are locked before outbox rows, as everywhere, so no worker records the answer to one of these mails meanwhile.
 */
async function withoutWaiting(
  tx: OrganizationTransaction,
  message: LockedMessage,
  recipients: readonly RevocationRecipient[],
): Promise<RevocationRecipient[]> {
  const rows = await tx.query<{ recipientId: string; dead: boolean }>(
    `select payload ->> 'recipientId' as "recipientId", dead_at is not null as dead from outbox
     where organization_id = $1 and message_uid = $2 and kind = 'send-wrapper-mail' and payload ->> 'recipientId' = any($3::text[])
     order by id for update`,
    [tx.organizationId, message.id, recipients.map(({ id }) => id)],
  );
  const waiting = new Set(rows.filter(({ dead }) => !dead).map(({ recipientId }) => recipientId));
  return recipients.filter(({ id }) => !waiting.has(id));
}

async function sendAgain(
  tx: OrganizationTransaction,
  message: LockedMessage,
  recipients: readonly RevocationRecipient[],
  request: ResendRequest,
  at: Date,
): Promise<void> {
  if (recipients.length === 0) return;
  const ids = recipients.map(({ id }) => id);
  await tx.query(
    `delete from outbox where organization_id = $1 and message_uid = $2 and kind = 'send-wrapper-mail' and dead_at is not null
       and payload ->> 'recipientId' = any($3::text[])`,
    [tx.organizationId, message.id, ids],
  );
  // How often it was handed over is counted on.
  await tx.query("update recipient set delivery_state = 'accepted' where organization_id = $1 and id = any($2::uuid[])", [
    tx.organizationId,
    ids,
  ]);
  // Another mail is another fact, should it come back too.
  await tx.query("delete from sender_fact where organization_id = $1 and recipient_id = any($2::uuid[]) and kind = 'bounced'", [
    tx.organizationId,
    ids,
  ]);
  await addToOutbox(
    tx,
    ids.map((recipientId) => ({ kind: 'send-wrapper-mail', payload: { recipientId, resend: newId() }, messageUid: message.id })),
  );
  const { id: messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate } = message;
  await recordSteps(
    tx,
    { messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate },
    recipients.map(({ address }) => ({
      operation: 'WrapperResend',
      creationTime: at,
      operationStatus: 'Success',
      recipients: [address],
      actor: actorOf(request.by),
      clientIp: request.clientIp,
      userAgent: request.userAgent,
    })),
  );
}

function actorOf({ kind, id, address }: Doer) {
  return { kind, id, address };
}

function actOf(
  { by, clientIp, userAgent }: ResendRequest,
  message: LockedMessage,
  at: Date,
  what: { readonly recipients: string[]; readonly refusal?: string },
) {
  return {
    action: 'MessageResend',
    actor: actorOf(by),
    target: { kind: 'message', id: message.id },
    status: what.refusal === undefined ? 'Success' : 'Failure',
    after: { messageId: message.messageId, ...what },
    clientIp,
    userAgent,
    at,
  } as const;
}
