import type { Actor, AuditEvent, AuthenticationMethod, OperationProperty, OperationStatus } from './entry.ts';
import type { Operation } from './operation.ts';
import { recordTextOf } from './record-text.ts';

/** What an event says of the message it is about. */
export interface EventMessage {
  readonly organizationId: string;
  readonly messageUid: string;
  readonly messageId: string;
  readonly sender: string;
  readonly subject: string | null;
}

/** What one of Signet's own events says besides its message. */
export interface EventFacts {
  readonly id: string;
  readonly operation: Operation;
  /** From the database's clock, taken after the locks. */
  readonly at: Date;
  readonly recipients: readonly string[];
  readonly actor: Actor;
  readonly operationStatus?: OperationStatus;
  readonly authenticationMethod?: AuthenticationMethod | null;
  readonly authenticationStatus?: OperationStatus | null;
  readonly attachmentName?: string | null;
  /** Besides `MailSubject`, which every event has; null values are left out. */
  readonly properties?: Readonly<Record<string, string | number | boolean | null>>;
  readonly clientIp?: string | null;
  readonly userAgent?: string | null;
}

/** One of Signet's own events about a message it holds. Texts that came from outside are made fit for a record. */
export function messageEvent(message: EventMessage, facts: EventFacts): AuditEvent {
  const properties: OperationProperty[] = [{ name: 'MailSubject', value: recordTextOf(message.subject ?? '', 4096) }];
  for (const [name, value] of Object.entries(facts.properties ?? {})) {
    if (value !== null) properties.push({ name, value: recordTextOf(String(value), 4096) });
  }
  return {
    id: facts.id,
    version: 1,
    source: 'signet',
    operation: facts.operation,
    creationTime: facts.at.toISOString(),
    organizationId: message.organizationId,
    messageId: recordTextOf(message.messageId, 998),
    messageUid: message.messageUid,
    recipients: facts.recipients.map((address) => recordTextOf(address, 320)),
    sender: recordTextOf(message.sender, 320),
    authenticationMethod: facts.authenticationMethod ?? null,
    authenticationStatus: facts.authenticationStatus ?? null,
    operationStatus: facts.operationStatus ?? 'Success',
    attachmentName: facts.attachmentName == null ? null : recordTextOf(facts.attachmentName, 1024),
    operationProperties: properties,
    actor: facts.actor,
    clientIp: facts.clientIp == null ? null : recordTextOf(facts.clientIp, 64),
    userAgent: facts.userAgent == null ? null : recordTextOf(facts.userAgent, 1024),
  };
}
