import type { ExposureReport } from '@signet/api-contract/messages';
import type { ExposureFacts } from '@signet/db/exposure';
import { isWholeRecord, type MessageDetail } from '@signet/db/message-detail';
import type { AuditEvent } from '@signet/domain/audit/entry';
import { contentOperations, type ContentOperation } from '@signet/domain/audit/operation';
import { gapsView } from './message-view.ts';

type Observation = ExposureReport['recipients'][number]['before'][number];

/**
 * Who had seen what when a revocation took effect. A recipient's events are parted by the last revocation that concerned
 * them; who was never revoked has all of them before.
 */
export function exposureReport(message: MessageDetail, facts: ExposureFacts): ExposureReport {
  const addresses = new Map(message.recipients.map((recipient) => [recipient.id, recipient.address]));
  const revocations = facts.revocations.filter((revocation) => revocation.kind === 'revoke');
  return {
    messageId: message.messageId,
    basis: basisOf(message),
    gaps: gapsView(message.tracking.gaps),
    revocations: revocations.map(({ at, by, reason, recipientIds }) => ({
      at: at.toISOString(),
      by: by.name,
      reason,
      recipients: recipientIds.flatMap((id) => addresses.get(id) ?? []),
    })),
    recipients: message.recipients.map(({ id, address }) => {
      const revokedAt = revocations.findLast((revocation) => revocation.recipientIds.includes(id))?.at ?? null;
      const events = facts.events.filter((event) => isAbout(event, id, address));
      return {
        address,
        revokedAt: revokedAt?.toISOString() ?? null,
        before: events.filter((event) => isBefore(event, revokedAt)).map(observationOf),
        after: events.filter((event) => !isBefore(event, revokedAt)).map(observationOf),
      };
    }),
  };
}

function basisOf({ tracking, acceptedAt }: MessageDetail): ExposureReport['basis'] {
  if (isWholeRecord(tracking)) return 'recorded';
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

function observationOf(event: AuditEvent): Observation {
  const value = (name: string) => event.operationProperties.find((property) => property.name === name)?.value;
  const bytes = value('BytesSent');
  const complete = value('Complete');
  return {
    id: event.id,
    operation: contentOperation(event.operation),
    creationTime: event.creationTime,
    attachmentName: event.attachmentName,
    bytesSent: bytes === undefined ? null : Number(bytes),
    complete: complete === undefined ? null : complete.toLowerCase() === 'true',
    operationStatus: event.operationStatus,
  };
}

function contentOperation(operation: AuditEvent['operation']): ContentOperation {
  const known = contentOperations.find((name) => name === operation);
  if (!known) throw new Error(`${operation} is not about content`);
  return known;
}
