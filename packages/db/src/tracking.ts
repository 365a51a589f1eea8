import type { AuditEvent } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { signetEvent, type SignetStep } from '@signet/domain/audit/signet-event';
import { appendAuditEvents, type AppendedEvents } from './audit.ts';
import { newId, type OrganizationTransaction } from './database.ts';

/** What an event says of the message it is about. */
export interface TrackedMessage {
  readonly messageUid: string;
  readonly messageId: string;
  readonly sender: string;
  readonly subject: string | null;
  readonly usesDefaultTemplate: boolean;
}

type OfMessage = 'id' | 'organizationId' | 'messageUid' | 'messageId' | 'sender' | 'mailSubject';

/** One step of a message, with the properties that its operation knows. `creationTime` is the database's clock, read after the locks. */
export type Step = { [Name in Operation]: Omit<SignetStep<Name>, OfMessage> }[Operation];

/**
 * Whether steps of a message are recorded now: decided anew at each event, in its transaction. The switch's row is read,
 * not locked: an event beside a switch falls on one side of it or the other.
 */
export async function isTracked(tx: OrganizationTransaction, message: { usesDefaultTemplate: boolean }): Promise<boolean> {
  if (message.usesDefaultTemplate) return false;
  const [row] = await tx.query<{ tracked: boolean }>('select enable_portal_tracking_logs as tracked from organization where id = $1', [
    tx.organizationId,
  ]);
  return row?.tracked ?? false;
}

/**
 * Appends events of one message if it is tracked now. Nothing is written, and nothing returned, when it is not.
 * @param options `tracked`: what this transaction has read of it already.
 * @returns the outbox ids of what was appended.
 */
export async function recordSteps(
  tx: OrganizationTransaction,
  message: TrackedMessage,
  steps: readonly Step[],
  options: { notBefore?: Date; tracked?: boolean } = {},
): Promise<AppendedEvents> {
  const { tracked = await isTracked(tx, message), ...appending } = options;
  if (steps.length === 0 || !tracked) return { outboxIds: [], duplicates: 0 };
  return appendAuditEvents(
    tx,
    steps.map((step) => stepEvent(tx, message, step)),
    appending,
  );
}

/** The event of one step, with an id of its own. */
export function stepEvent(tx: OrganizationTransaction, message: TrackedMessage, step: Step): AuditEvent {
  const { messageUid, messageId, sender, subject } = message;
  return signetEvent({
    ...step,
    messageUid,
    messageId,
    sender,
    id: newId(),
    organizationId: tx.organizationId,
    mailSubject: subject ?? '',
  });
}
