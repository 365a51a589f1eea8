import { messageEvent, type EventFacts, type EventMessage } from '@signet/domain/audit/message-event';
import { appendAuditEvents, type AppendedEvents } from './audit.ts';
import { newId, type OrganizationTransaction } from './database.ts';

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
 * @returns the outbox ids of what was appended.
 */
export async function recordSteps(
  tx: OrganizationTransaction,
  message: EventMessage & { usesDefaultTemplate: boolean },
  steps: readonly Omit<EventFacts, 'id'>[],
  options: { notBefore?: Date } = {},
): Promise<AppendedEvents> {
  if (steps.length === 0 || !(await isTracked(tx, message))) return { outboxIds: [], duplicates: 0 };
  return appendAuditEvents(
    tx,
    steps.map((step) => messageEvent(message, { ...step, id: newId() })),
    options,
  );
}
