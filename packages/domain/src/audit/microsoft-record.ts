import { z } from 'zod';
import type { AuditEvent, AuthenticationMethod, OperationProperty } from './entry.ts';
import { auditEvent } from './entry.ts';
import type { Operation } from './operation.ts';

/** The operations that Microsoft's portal records: what an export in its form has unless it asks for all. */
export const microsoftOperations = [
  'AuthenticateRequest',
  'MessageAccess',
  'AttachmentReview',
  'AttachmentDownload',
  'MessageForward',
] as const satisfies readonly Operation[];

/** `source` of entries that were read from Microsoft's records: never moves states. */
export const MICROSOFT_SOURCE = 'm365-import';

/**
 * Prefix of the properties in which an imported entry keeps, as JSON text, the fields of the record that Signet has no
 * field for or would write differently, so that the record is written back unchanged.
 */
const KEPT = 'Microsoft:';

/** Both spellings of the sign-in that Microsoft's pages use. */
const operationOf = {
  AuthenticateRequest: 'AuthenticateRequest',
  AuthenticationRequest: 'AuthenticateRequest',
  MessageAccess: 'MessageAccess',
  AttachmentReview: 'AttachmentReview',
  AttachmentDownload: 'AttachmentDownload',
  MessageForward: 'MessageForward',
} as const satisfies Record<string, (typeof microsoftOperations)[number]>;

/** `Gmail` is what older pages call `Google`. */
const methodOf = {
  OTP: 'OTP',
  Google: 'Google',
  Gmail: 'Google',
  Microsoft: 'Microsoft',
  Yahoo: 'Yahoo',
} as const satisfies Record<string, AuthenticationMethod>;

const statusNumber = z.union([z.literal(0), z.literal(1)]);

/**
 * Microsoft's record of an operation in its portal (RecordType 154, `OMEPortal`), as the Management Activity API gives
 * it. What tells that it is one, and what an entry is made from, must be there exactly so; no document states other
 * capitals, so none are read, but `MessageID` for `MessageId`. Fields that no document names are kept, not refused.
 */
const microsoftRecord = z.looseObject({
  CreationTime: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z?$/, { error: 'must be a time in UTC like 2023-03-22T19:00:59' }),
  Id: z.guid(),
  Operation: z.enum(Object.keys(operationOf).filter((name): name is keyof typeof operationOf => name in operationOf)),
  OrganizationId: z.guid(),
  RecordType: z.literal(154),
  ResultStatus: z.enum(['Success', 'Failure']),
  UserKey: z.string(),
  UserType: z.int(),
  Version: z.literal(1),
  Workload: z.literal('Exchange'),
  UserId: z.string(),
  AttachmentName: z.string().nullish(),
  AuthenticationMethod: z.enum(Object.keys(methodOf).filter((name): name is keyof typeof methodOf => name in methodOf)).nullish(),
  AuthenticationStatus: statusNumber.nullish(),
  MessageId: z.string().min(1),
  OperationProperties: z.array(
    z.strictObject({
      Name: z
        .string()
        .min(1)
        .refine((name) => !name.startsWith(KEPT)),
      Value: z.string(),
    }),
  ),
  OperationStatus: statusNumber,
  Recipient: z.string().min(1),
  Sender: z.string(),
});
type MicrosoftRecord = z.infer<typeof microsoftRecord>;

/** The form that an entry is written in: Microsoft's fields in Microsoft's order, then what else a record had. */
export type WrittenMicrosoftRecord = Readonly<Record<string, unknown>>;

const nameOf = (status: 0 | 1): 'Success' | 'Failure' => (status === 0 ? 'Success' : 'Failure');
const numberOf = (status: 'Success' | 'Failure'): 0 | 1 => (status === 'Success' ? 0 : 1);

/** `2023-03-22T19:00:59` and its kin, UTC, as an instant with three digits; further digits are cut off. */
function instantOf(creationTime: string): string {
  return `${creationTime.slice(0, 19)}.${creationTime.slice(20).replace('Z', '').slice(0, 3).padEnd(3, '0')}Z`;
}

function eventOf(record: MicrosoftRecord, to: { organizationId: string; messageUid: string | null }): AuditEvent {
  const signedIn = record.AuthenticationStatus === 0;
  return {
    id: record.Id.toLowerCase(),
    version: 1,
    source: MICROSOFT_SOURCE,
    organizationId: to.organizationId,
    messageUid: to.messageUid,
    operation: operationOf[record.Operation],
    creationTime: instantOf(record.CreationTime),
    messageId: /^<.*>$/.test(record.MessageId) ? record.MessageId : `<${record.MessageId}>`,
    recipients: [record.Recipient],
    sender: record.Sender,
    authenticationMethod: record.AuthenticationMethod ? methodOf[record.AuthenticationMethod] : null,
    authenticationStatus: record.AuthenticationStatus == null ? null : nameOf(record.AuthenticationStatus),
    operationStatus: nameOf(record.OperationStatus),
    attachmentName: record.AttachmentName ? record.AttachmentName : null,
    operationProperties: record.OperationProperties.map(({ Name, Value }) => ({ name: Name, value: Value })),
    // The record names who opened the message only once that person has proved to own the address.
    actor: signedIn ? { kind: 'recipient', id: null, address: record.Recipient } : { kind: 'unknown', id: null, address: null },
    clientIp: null,
    userAgent: null,
  };
}

/**
 * Reads one of Microsoft's records as an audit event of source `m365-import`.
 * @param json the parsed record. Fields that Signet has no place for, and spellings that it would write differently,
 *   are kept in properties named `Microsoft:<field>`.
 * @param to the organization that it is imported into, and the message where Signet holds it.
 * @throws {z.ZodError} whose paths point into the record, when it is not a portal record or a text is too long or has
 *   control characters.
 */
export function readMicrosoftRecord(json: unknown, to: { organizationId: string; messageUid: string | null }): AuditEvent {
  const record = microsoftRecord.parse(withMessageId(json));
  const event = eventOf(record, to);
  const written = writeMicrosoftRecord(event);
  const kept = Object.entries(record)
    .filter(([name, value]) => !(name in written) || JSON.stringify(value) !== JSON.stringify(written[name]))
    .map(([name, value]): OperationProperty => ({ name: `${KEPT}${name}`, value: JSON.stringify(value) }));
  const result = auditEvent.safeParse({ ...event, operationProperties: [...event.operationProperties, ...kept] });
  if (result.success) return result.data;
  throw new z.ZodError(result.error.issues.map((issue) => ({ ...issue, path: pathInRecord(issue.path, event, kept) })));
}

/** A record under the spelling `MessageID`, as the field is called elsewhere, becomes one with `MessageId`. */
function withMessageId(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('MessageID' in json) || 'MessageId' in json) return json;
  const { MessageID: MessageId, ...rest } = json;
  return { ...rest, MessageId };
}

const recordFieldOf: Readonly<Record<string, string>> = {
  id: 'Id',
  creationTime: 'CreationTime',
  messageId: 'MessageId',
  recipients: 'Recipient',
  sender: 'Sender',
  attachmentName: 'AttachmentName',
  actor: 'Recipient',
};

/** Where in the record the fault of an event lies. */
function pathInRecord(path: readonly PropertyKey[], event: AuditEvent, kept: readonly OperationProperty[]): PropertyKey[] {
  const [field, index, part] = path;
  if (field !== 'operationProperties') return [recordFieldOf[String(field)] ?? String(field)];
  if (typeof index !== 'number') return ['OperationProperties'];
  const keptProperty = kept[index - event.operationProperties.length];
  if (keptProperty) return [keptProperty.name.slice(KEPT.length)];
  return ['OperationProperties', index, part === 'name' ? 'Name' : 'Value'];
}

/**
 * Writes an entry as Microsoft would: its fields in its order, `CreationTime` without zone and fractions of a second,
 * `ResultStatus` after `OperationStatus`, several recipients separated by `;`, and fields that would be null left out.
 * An entry that was read from a record becomes that record again; fields that Microsoft's form does not know come last.
 */
export function writeMicrosoftRecord(entry: Omit<AuditEvent, 'version'>): WrittenMicrosoftRecord {
  const imported = entry.source === MICROSOFT_SOURCE;
  const isKept = (property: OperationProperty) => imported && property.name.startsWith(KEPT);
  const kept = Object.fromEntries(
    entry.operationProperties.filter(isKept).map(({ name, value }): [string, unknown] => [name.slice(KEPT.length), JSON.parse(value)]),
  );
  const fields: Record<string, unknown> = {
    CreationTime: entry.creationTime.slice(0, 19),
    Id: entry.id,
    Operation: entry.operation,
    OrganizationId: entry.organizationId,
    RecordType: 154,
    ResultStatus: entry.operationStatus,
    UserKey: entry.sender,
    UserType: 0,
    Version: 1,
    Workload: 'Exchange',
    UserId: entry.sender,
    AttachmentName: entry.attachmentName ?? undefined,
    AuthenticationMethod: entry.authenticationMethod ?? undefined,
    AuthenticationStatus: entry.authenticationStatus === null ? undefined : numberOf(entry.authenticationStatus),
    MessageId: entry.messageId,
    OperationProperties: entry.operationProperties
      .filter((property) => !isKept(property))
      .map(({ name, value }) => ({ Name: name, Value: value })),
    OperationStatus: numberOf(entry.operationStatus),
    Recipient: entry.recipients.join(';'),
    Sender: entry.sender,
  };
  // Kept values lie over the fields in place, so that the order stays Microsoft's.
  return Object.fromEntries(Object.entries({ ...fields, ...kept }).filter(([, value]) => value !== undefined));
}
