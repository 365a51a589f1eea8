import type { ExposureReport } from '@signet/api-contract/messages';
import type { ExposureFacts } from '@signet/db/exposure';
import { isWholeRecord, type MessageDetail } from '@signet/db/message-detail';
import type { AuditEvent } from '@signet/domain/audit/entry';
import { contentOperations, type ContentOperation } from '@signet/domain/audit/operation';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { recordedProperties } from '@signet/domain/audit/unknown-properties';
import { recordedForm, type RecordedForm } from '@signet/domain/privacy-policy';
import { attachmentsView, gapsView } from './message-view.ts';

/** Characters of a file's name that an event keeps. */
const NAME_LENGTH = 1024;

type Observation = ExposureReport['recipients'][number]['before'][number];

/** What a report depends on besides its facts: whether who asks may know from where, and with which program, somebody read. */
interface ReportSight {
  readonly origins: boolean;
}

/**
 * Who had seen what when a revocation took effect. A recipient's events are parted by the instant at which they last lost
 * access; who was never revoked has all of them before.
 */
export function exposureReport(message: MessageDetail, facts: ExposureFacts, sight: ReportSight): ExposureReport {
  const { tracking } = message;
  const { removed } = facts;
  const observed = (event: AuditEvent) => observationOf(event, message, sight);
  return {
    id: message.id,
    messageId: message.messageId,
    organizationName: facts.organizationName,
    subject: message.subject,
    subjectRecorded: message.subjectRecorded,
    sender: message.sender,
    acceptedAt: message.acceptedAt.toISOString(),
    attachments: attachmentsView(message),
    readAt: facts.readAt.toISOString(),
    basis: basisOf(message, facts),
    tracking: { state: tracking.state, since: tracking.since?.toISOString() ?? null, reason: tracking.reason },
    gaps: gapsView(tracking.gaps),
    removed: removed && { steps: removed.steps, from: removed.from.toISOString(), to: removed.to.toISOString() },
    ...accessChangesView(message, facts.revocations),
    recipients: message.recipients.map(({ id, address, deliveryState, unwrapped }) => {
      const { revokedAt, restoredAt } = lastLossOf(facts.revocations, id);
      const events = facts.events.filter((event) => isAbout(event, id, address));
      return {
        address,
        deliveryState,
        unwrapped,
        revokedAt: revokedAt?.toISOString() ?? null,
        restoredAt: restoredAt?.toISOString() ?? null,
        before: events.filter((event) => isBefore(event, revokedAt)).map(observed),
        after: events.filter((event) => !isBefore(event, revokedAt)).map(observed),
      };
    }),
  };
}

/** When a recipient last lost access, and got it back. What the organization revokes after the sender takes nothing more away. */
function lastLossOf(changes: ExposureFacts['revocations'], id: string): { revokedAt: Date | null; restoredAt: Date | null } {
  let revokedAt: Date | null = null;
  let restoredAt: Date | null = null;
  for (const { kind, at, recipientIds } of changes) {
    if (!recipientIds.includes(id)) continue;
    if (kind === 'restore') restoredAt = at;
    else if (revokedAt === null || restoredAt !== null) [revokedAt, restoredAt] = [at, null];
  }
  return { revokedAt, restoredAt };
}

/** Revocations and restorations, each with the addresses that it concerned. */
export function accessChangesView(
  message: MessageDetail,
  changes: ExposureFacts['revocations'],
): Pick<ExposureReport, 'revocations' | 'restorations'> {
  const addresses = new Map(message.recipients.map((recipient) => [recipient.id, recipient.address]));
  const viewOf = (wanted: 'revoke' | 'restore') =>
    changes
      .filter(({ kind }) => kind === wanted)
      .map(({ at, by, reason, recipientIds }) => ({
        at: at.toISOString(),
        by: by.name,
        reason,
        recipients: recipientIds.flatMap((id) => addresses.get(id) ?? []),
      }));
  return { revocations: viewOf('revoke'), restorations: viewOf('restore') };
}

function basisOf({ tracking, acceptedAt }: MessageDetail, { removed }: ExposureFacts): ExposureReport['basis'] {
  if (isWholeRecord(tracking)) return removed === null ? 'recorded' : 'partly_recorded';
  const never = tracking.gaps.some((gap) => gap.from <= acceptedAt && gap.to === null);
  return never ? 'not_recorded' : 'partly_recorded';
}

function isAbout(event: AuditEvent, recipientId: string, address: string): boolean {
  if (event.actor.kind === 'recipient' && event.actor.id !== null) return event.actor.id === recipientId;
  return event.recipients.some((recipient) => recipient.toLowerCase() === address.toLowerCase());
}

/**
 * Times are milliseconds of the database's clock, read under the locks that order reading and revoking. Within one
 * millisecond a success came before, since none can come after; a refusal came after, since it is the revocation's.
 */
function isBefore(event: AuditEvent, revokedAt: Date | null): boolean {
  if (revokedAt === null) return true;
  const order = event.creationTime.localeCompare(revokedAt.toISOString());
  return order === 0 ? event.operationStatus === 'Success' : order < 0;
}

function observationOf(event: AuditEvent, message: MessageDetail, { origins }: ReportSight): Observation {
  const value = (name: string) => event.operationProperties.find((property) => property.name === name)?.value;
  const bytes = value('BytesSent');
  const complete = value('Complete');
  return {
    id: event.id,
    operation: contentOperation(event.operation),
    creationTime: event.creationTime,
    attachmentName: event.attachmentName,
    bytesSent: bytes === undefined ? null : Number(bytes),
    size: sizeOf(event, message),
    complete: complete === undefined ? null : complete.toLowerCase() === 'true',
    operationStatus: event.operationStatus,
    reason: value('Reason') ?? null,
    count: Math.max(1, Number(value('Count') ?? 1) || 1),
    authenticationMethod: event.authenticationMethod,
    clientIp: origins ? event.clientIp : null,
    clientIpRecorded: formOf(value(recordedProperties.clientIp)),
    userAgent: origins ? event.userAgent : null,
    userAgentRecorded: formOf(value(recordedProperties.userAgent)),
  };
}

/** How much of a value was recorded, as its entry says it. */
function formOf(told: string | undefined): RecordedForm {
  return recordedForm.safeParse(told).data ?? 'full';
}

/** Bytes of what an event was about: of files with one name only where all have one size. */
function sizeOf({ operation, attachmentName }: AuditEvent, message: MessageDetail): number | null {
  if (operation === 'MessageDownload') return message.size;
  const sizes = new Set(
    message.attachments.filter(({ name }) => name !== null && recordTextOf(name, NAME_LENGTH) === attachmentName).map(({ size }) => size),
  );
  const [size] = sizes;
  return sizes.size === 1 && size !== undefined ? size : null;
}

function contentOperation(operation: AuditEvent['operation']): ContentOperation {
  const known = contentOperations.find((name) => name === operation);
  if (!known) throw new Error(`${operation} is not about content`);
  return known;
}
