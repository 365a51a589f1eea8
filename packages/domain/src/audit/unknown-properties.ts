import type { Operation } from './operation.ts';
import { operations } from './operation.ts';

/** The property that every operation carries, unless the privacy policy hides it. */
export const MAIL_SUBJECT = 'MailSubject';

/** How much was recorded of a value (`truncated`, `hash`, `none`), where the privacy policy left less than all of it. */
export const recordedProperties = {
  mailSubject: 'MailSubjectRecorded',
  clientIp: 'ClientIpRecorded',
  userAgent: 'UserAgentRecorded',
} as const;

/**
 * Names of the properties that an event's operation does not know, in order, each once. Signet's own events have none;
 * imported entries and integrations may, since their writers know more than we do, so the schema does not refuse them.
 */
export function unknownProperties(event: {
  readonly operation: Operation;
  readonly operationProperties: readonly { readonly name: string }[];
}): string[] {
  const known = new Set<string>([MAIL_SUBJECT, ...Object.values(recordedProperties), ...operations[event.operation].properties]);
  return [...new Set(event.operationProperties.map((property) => property.name))].filter((name) => !known.has(name));
}
