import type { Actor, AuditEvent, AuthenticationMethod, OperationStatus } from './entry.ts';
import { auditEvent } from './entry.ts';
import type { Operation, operations } from './operation.ts';
import { recordTextOf } from './record-text.ts';
import { MAIL_SUBJECT } from './unknown-properties.ts';

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
  /** The message's subject, null where the privacy policy hides it. */
  readonly mailSubject: string | null;
  /** Only properties that the operation knows; null and absent ones are left out. */
  readonly properties?: { readonly [Property in (typeof operations)[Name]['properties'][number]]?: string | number | boolean | null };
  readonly actor: Actor;
  readonly clientIp?: string | null;
  readonly userAgent?: string | null;
}

function textOrNull(value: string | null | undefined, maximum: number): string | null {
  return value == null ? null : recordTextOf(value, maximum);
}

/**
 * The audit event of a step, source `signet`. Texts from outside are brought into a form that a record can hold, so
 * that no strange subject, file name or user agent can keep a step from being recorded; times become milliseconds.
 * @throws {z.ZodError} when a fact that Signet itself makes is wrong: an id, a time, an operation.
 */
export function signetEvent<Name extends Operation>(step: SignetStep<Name>): AuditEvent {
  const properties: Record<string, string | number | boolean | null | undefined> = { [MAIL_SUBJECT]: step.mailSubject, ...step.properties };
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
    clientIp: textOrNull(step.clientIp, 64),
    userAgent: textOrNull(step.userAgent, 1024),
  });
}
