import { z } from 'zod';
import { operationNames } from './operation.ts';
import { recordText } from './record-text.ts';

const instantError = { error: 'must be a time in UTC like 2026-11-22T10:36:45.123Z' };

/**
 * RFC 3339 in UTC with exactly three digits of a second: one text for one instant, so that hashing it is safe. A day
 * that no calendar has (30 February, year 0) is refused, since no database takes it.
 */
export const instant = z
  .string()
  .regex(/^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/, instantError)
  .refine((text) => Number.isFinite(Date.parse(text)) && new Date(text).toISOString() === text, instantError);

/**
 * A UUID in lower case, as PostgreSQL gives it back, so that hashing it is safe; capitals are read. Any version and
 * variant: imported records have ids that RFC 9562 does not know.
 */
export const recordId = z.guid().toLowerCase();

export const authenticationMethods = ['OTP', 'Google', 'Microsoft', 'Yahoo', 'Passkey'] as const;
export const authenticationMethod = z.enum(authenticationMethods);
export type AuthenticationMethod = z.infer<typeof authenticationMethod>;

export const operationStatus = z.enum(['Success', 'Failure']);
export type OperationStatus = z.infer<typeof operationStatus>;

/** Who did it: recorded where it is known, `unknown` where it is not, never guessed. */
export const actor = z.strictObject({
  kind: z.enum(['recipient', 'sender', 'member', 'integration', 'system', 'unknown']),
  /** The actor's own id: a recipient's, member's or API key's UUID, an integration's name; null for `system` and `unknown`. */
  id: recordText(200).nullable(),
  /** The actor's mail address where it has one. */
  address: recordText(320).nullable(),
});
export type Actor = z.infer<typeof actor>;

export const operationProperty = z.strictObject({
  name: recordText(64).min(1),
  value: recordText(4096),
});
export type OperationProperty = z.infer<typeof operationProperty>;

/** The event's own facts, as whoever records it states them; the server adds the rest when it is taken in. */
export const eventFields = {
  id: recordId,
  operation: z.enum(operationNames),
  creationTime: instant,
  messageId: recordText(998),
  recipients: z.array(recordText(320)).max(5000),
  sender: recordText(320),
  authenticationMethod: authenticationMethod.nullable(),
  authenticationStatus: operationStatus.nullable(),
  operationStatus,
  attachmentName: recordText(1024).nullable(),
  operationProperties: z.array(operationProperty).max(64),
  actor,
  clientIp: recordText(64).nullable(),
  userAgent: recordText(1024).nullable(),
};

/**
 * One immutable record of one operation on a tracked message, version 1. The shape only ever grows; a changed meaning
 * is a new version.
 */
export const auditEntry = z.strictObject({
  ...eventFields,
  version: z.literal(1),
  /** `signet`, an integration's name, or `m365-import`: set by the server. Only `signet` moves states. */
  source: recordText(64).min(1),
  recordedAt: instant,
  organizationId: recordId,
  /** Signet's own id of the message, null where the entry is about a message that Signet does not hold. */
  messageUid: recordId.nullable(),
  /** Place in the organization's audit log, from 0, without gaps. Not covered by the hash: the log itself states it. */
  logIndex: z.int().nonnegative(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** An event on its way to become an audit entry: everything that is known in the transaction that it records. */
export const auditEvent = auditEntry.omit({ logIndex: true, recordedAt: true });
export type AuditEvent = z.infer<typeof auditEvent>;
