import type { Actor, AuditEvent, AuthenticationMethod, OperationStatus } from './entry.ts';
import { auditEvent } from './entry.ts';
import type { Operation, operations } from './operation.ts';
import { recordTextOf } from './record-text.ts';
import { MAIL_SUBJECT, recordedProperties } from './unknown-properties.ts';
import type { RecordedForm } from '../privacy-policy.ts';
import { recordedClientIp, recordedSubject, recordedUserAgent, type RecordedValue, type Recording } from '../recorded-value.ts';

/** What Signet itself has to say about one step of a message; texts as they came from outside. */
export interface SignetStep<Name extends Operation> {
  readonly id: string;
  readonly organizationId: string;
  readonly messageUid: string;
  readonly operation: Name;
  readonly creationTime: Date;
  readonly messageId: string;
  readonly recipients: readonly string[];
  readonly sender: string;
  readonly authenticationMethod?: AuthenticationMethod | null;
  readonly authenticationStatus?: OperationStatus | null;
  readonly operationStatus: OperationStatus;
  readonly attachmentName?: string | null;
  /** The message's subject as it is kept, null where the privacy policy hid it; and how much of it that is. */
  readonly mailSubject: string | null;
  readonly mailSubjectRecorded?: RecordedForm;
  /** Only properties that the operation knows; null and absent ones are left out. */
  readonly properties?: { readonly [Property in (typeof operations)[Name]['properties'][number]]?: string | number | boolean | null };
  readonly actor: Actor;
  readonly clientIp?: string | null;
  readonly userAgent?: string | null;
  /** How much is left of them, where they were reduced before they came here. */
  readonly clientIpRecorded?: RecordedForm;
  readonly userAgentRecorded?: RecordedForm;
}

function textOrNull(value: string | null | undefined, maximum: number): string | null {
  return value == null ? null : recordTextOf(value, maximum);
}

/** How much of a value was recorded, where that is not all of it. */
function markOf({ form }: RecordedValue): RecordedValue['form'] | null {
  return form === 'full' ? null : form;
}

/**
 * The audit event of a step, source `signet`, with as much of address, agent and subject as the organization's privacy policy lets be
 * recorded. Texts from outside are brought into a form that a record can hold, so that no strange subject, file name or user agent can
 * keep a step from being recorded; times become milliseconds.
 * @throws {z.ZodError} when a fact that Signet itself makes is wrong: an id, a time, an operation.
 */
export function signetEvent<Name extends Operation>(step: SignetStep<Name>, recording: Recording): AuditEvent {
  const { mailSubjectRecorded = 'full', clientIpRecorded = 'full', userAgentRecorded = 'full' } = step;
  const subject = recordedSubject({ value: step.mailSubject, form: mailSubjectRecorded }, recording);
  const clientIp = recordedClientIp({ value: textOrNull(step.clientIp, 64), form: clientIpRecorded }, recording);
  const userAgent = recordedUserAgent({ value: textOrNull(step.userAgent, 1024), form: userAgentRecorded }, recording);
  const properties: Record<string, string | number | boolean | null | undefined> = {
    [MAIL_SUBJECT]: subject.value,
    ...step.properties,
    [recordedProperties.mailSubject]: markOf(subject),
    [recordedProperties.clientIp]: markOf(clientIp),
    [recordedProperties.userAgent]: markOf(userAgent),
  };
  return auditEvent.parse({
    id: step.id,
    version: 1,
    source: 'signet',
    organizationId: step.organizationId,
    messageUid: step.messageUid,
    operation: step.operation,
    creationTime: step.creationTime.toISOString(),
    messageId: recordTextOf(step.messageId, 998),
    recipients: step.recipients.map((address) => recordTextOf(address, 320)),
    sender: recordTextOf(step.sender, 320),
    authenticationMethod: step.authenticationMethod ?? null,
    authenticationStatus: step.authenticationStatus ?? null,
    operationStatus: step.operationStatus,
    attachmentName: textOrNull(step.attachmentName, 1024),
    operationProperties: Object.entries(properties).flatMap(([name, value]) =>
      value == null ? [] : [{ name, value: recordTextOf(String(value), 4096) }],
    ),
    actor: { ...step.actor, address: textOrNull(step.actor.address, 320) },
    clientIp: clientIp.value,
    userAgent: userAgent.value,
  });
}
