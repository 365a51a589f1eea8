import { z } from 'zod';
import { bracketed } from '../message-id.ts';
import { recordedClientIp, recordedSubject, recordedUserAgent, type RecordedValue, type Recording } from '../recorded-value.ts';
import { auditEvent, eventFields, instant, operationProperty, type AuditEvent } from './entry.ts';
import type { Operation } from './operation.ts';
import { operationNames, operations } from './operation.ts';
import { recordText } from './record-text.ts';
import { MAIL_SUBJECT, recordedProperties } from './unknown-properties.ts';

type IntegrationOperation = { [Name in Operation]: (typeof operations)[Name]['signetOnly'] extends true ? never : Name }[Operation];

const integrationOperations = operationNames.filter((name): name is IntegrationOperation => !operations[name].signetOnly);

/** Before it there was no Signet, nor any system that it reads from: a time so early is a mistake. */
const EARLIEST = '2000-01-01T00:00:00.000Z';
/** How far in seconds another system's clock may be ahead of the database's. */
const AHEAD_SECONDS = 300;

const serverProperties: ReadonlySet<string> = new Set(Object.values(recordedProperties));

/** With or without angle brackets, which it is stored with. In bytes: an index holds it. */
const messageId = recordText(998)
  .transform(bracketed)
  .refine((text) => text.length > 2, { error: 'must not be empty' })
  .refine((text) => new TextEncoder().encode(text).length <= 998, { error: 'must have at most 998 bytes' });

/** An event as an integration states it: the entry's fields but those of the server, and no operation that only Signet may state. What is null may be left out. */
export const integrationEvent = z.strictObject({
  ...eventFields,
  operation: z.enum(integrationOperations),
  creationTime: instant.max(24).refine((text) => text >= EARLIEST, { error: `must not be before ${EARLIEST}` }),
  messageId,
  recipients: z.array(recordText(320)).max(1000),
  authenticationMethod: eventFields.authenticationMethod.default(null),
  authenticationStatus: eventFields.authenticationStatus.default(null),
  attachmentName: eventFields.attachmentName.default(null),
  operationProperties: z
    .array(
      operationProperty.extend({
        name: operationProperty.shape.name.refine((name) => !serverProperties.has(name), { error: 'is a property that only Signet sets' }),
      }),
    )
    .max(60)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, { error: 'must not have a name twice' })
    .default([]),
  actor: eventFields.actor.default({ kind: 'unknown', id: null, address: null }),
  clientIp: eventFields.clientIp.default(null),
  userAgent: eventFields.userAgent.default(null),
});
export type IntegrationEvent = z.infer<typeof integrationEvent>;

/** What is wrong with an event's time by the server's clock; null where nothing is. */
export function aheadOfClock({ creationTime }: Pick<IntegrationEvent, 'creationTime'>, now: Date): string | null {
  if (Date.parse(creationTime) <= now.getTime() + AHEAD_SECONDS * 1000) return null;
  return `must not be more than ${AHEAD_SECONDS / 60} minutes ahead of Signet’s clock, which says ${now.toISOString()}`;
}

/** What the server adds to an event of an integration. */
export interface IntegrationContext {
  /** The integration's name. */
  readonly source: string;
  readonly organizationId: string;
  /** Signet's own id of the message, null where it has none of this Message-ID, or several. */
  readonly messageUid: string | null;
}

function full(value: string | null): RecordedValue {
  return { value, form: 'full' };
}

/**
 * The audit event of what an integration states, with as much of address, agent and subject as the organization's privacy policy lets be
 * recorded: the policy is about what the trail holds, whoever saw it.
 */
export function eventOfIntegration(event: IntegrationEvent, context: IntegrationContext, recording: Recording): AuditEvent {
  const clientIp = recordedClientIp(full(event.clientIp), recording);
  const userAgent = recordedUserAgent(full(event.userAgent), recording);
  const marks = new Map<string, RecordedValue['form']>([
    [recordedProperties.clientIp, clientIp.form],
    [recordedProperties.userAgent, userAgent.form],
  ]);
  const properties = event.operationProperties.flatMap(({ name, value }) => {
    if (name !== MAIL_SUBJECT) return [{ name, value }];
    const subject = recordedSubject(full(value), recording);
    marks.set(recordedProperties.mailSubject, subject.form);
    return subject.value === null ? [] : [{ name, value: subject.value }];
  });
  const marked = [...marks].flatMap(([name, form]) => (form === 'full' ? [] : [{ name, value: form }]));
  return auditEvent.parse({
    ...event,
    ...context,
    version: 1,
    operationProperties: [...properties, ...marked],
    clientIp: clientIp.value,
    userAgent: userAgent.value,
  });
}
