import type { AuditEvent } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { signetEvent, type SignetStep } from '@signet/domain/audit/signet-event';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import type { Recording } from '@signet/domain/recorded-value';
import { appendAuditEvents, type AppendedEvents } from './audit.ts';
import { newId, type OrganizationTransaction } from './database.ts';
import { readRecording, type CurrentRecording } from './recording.ts';

/** What an event says of the message it is about. */
export interface TrackedMessage {
  readonly messageUid: string;
  readonly messageId: string;
  readonly sender: string;
  /** As it is kept; and how much of it that is. */
  readonly subject: string | null;
  readonly subjectRecorded: RecordedForm;
  readonly usesDefaultTemplate: boolean;
}

type OfMessage = 'id' | 'organizationId' | 'messageUid' | 'messageId' | 'sender' | 'mailSubject' | 'mailSubjectRecorded';

/** One step of a message, with the properties that its operation knows. `creationTime` is the database's clock, read after the locks. */
export type Step = { [Name in Operation]: Omit<SignetStep<Name>, OfMessage> }[Operation];

/**
 * Appends events of one message if it is tracked now. Nothing is written, and nothing returned, when it is not.
 * @param options `tracked`, `recording`: what this transaction has read already.
 * @returns the outbox ids of what was appended.
 */
export async function recordSteps(
  tx: OrganizationTransaction,
  message: TrackedMessage,
  steps: readonly Step[],
  options: { notBefore?: Date; tracked?: boolean; recording?: CurrentRecording } = {},
): Promise<AppendedEvents> {
  const { tracked, recording, ...appending } = options;
  if (steps.length === 0 || message.usesDefaultTemplate || tracked === false) return { outboxIds: [], duplicates: 0 };
  const now = recording ?? (await readRecording(tx));
  if (!(tracked ?? now.tracking)) return { outboxIds: [], duplicates: 0 };
  return appendAuditEvents(
    tx,
    steps.map((step) => stepEvent(tx, message, step, now)),
    appending,
  );
}

/** The event of one step, with an id of its own. @param recording how much of it is recorded now. */
export function stepEvent(tx: OrganizationTransaction, message: TrackedMessage, step: Step, recording: Recording): AuditEvent {
  const { messageUid, messageId, sender, subject, subjectRecorded } = message;
  const about = {
    messageUid,
    messageId,
    sender,
    id: newId(),
    organizationId: tx.organizationId,
    mailSubject: subjectTold(subject, subjectRecorded),
    mailSubjectRecorded: subjectRecorded,
  };
  return signetEvent({ ...step, ...about }, recording);
}

/** The same in the words of SQL, of a message's row. */
export function subjectToldSql(row: string): string {
  return `case when ${row}.subject_recorded <> 'none' then coalesce(${row}.subject, '') end`;
}

/** A subject as it is told of: empty where the message has none, null where the privacy policy hid it. */
export function subjectTold(subject: string | null, recorded: RecordedForm): string | null {
  return recorded === 'none' ? null : (subject ?? '');
}
