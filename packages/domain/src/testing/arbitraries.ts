import * as fc from 'fast-check';
import type { AdminRecord } from '../audit/admin-record.ts';
import { adminActions } from '../audit/admin-record.ts';
import type { AuditEntry } from '../audit/entry.ts';
import { authenticationMethods } from '../audit/entry.ts';
import { operationNames } from '../audit/operation.ts';
import { recordTextOf } from '../audit/record-text.ts';

const text = (maximum: number) => fc.string({ unit: 'binary', maxLength: 40 }).map((value) => recordTextOf(value, maximum));
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const instant = fc
  .date({ min: new Date('0001-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const status = fc.constantFrom('Success', 'Failure');
const actor = fc.record({
  kind: fc.constantFrom('recipient', 'sender', 'member', 'integration', 'system', 'unknown'),
  id: orNull(text(200)),
  address: orNull(text(320)),
});

/** Entries as they may stand in a log: any operation, with any texts that a record can hold. */
export const anyAuditEntry: fc.Arbitrary<AuditEntry> = fc.record({
  id: fc.uuid(),
  version: fc.constant(1),
  source: fc.constantFrom('signet', 'm365-import', 'billing'),
  operation: fc.constantFrom(...operationNames),
  creationTime: instant,
  recordedAt: instant,
  organizationId: fc.uuid(),
  messageUid: orNull(fc.uuid()),
  messageId: text(998),
  recipients: fc.array(text(320), { maxLength: 5 }),
  sender: text(320),
  authenticationMethod: orNull(fc.constantFrom(...authenticationMethods)),
  authenticationStatus: orNull(status),
  operationStatus: status,
  attachmentName: orNull(text(1024)),
  operationProperties: fc.array(fc.record({ name: text(60).map((name) => `N${name}`), value: text(4096) }), { maxLength: 5 }),
  actor,
  clientIp: orNull(fc.ipV4()),
  userAgent: orNull(text(1024)),
  logIndex: fc.nat(),
});

/** Admin records as they may stand in a log. */
export const anyAdminRecord: fc.Arbitrary<AdminRecord> = fc.record({
  id: fc.uuid(),
  version: fc.constant(1),
  organizationId: fc.uuid(),
  action: fc.constantFrom(...adminActions),
  creationTime: instant,
  recordedAt: instant,
  actor,
  target: fc.record({ kind: fc.constantFrom('message', 'api-key'), id: orNull(text(1000)) }),
  status,
  reason: orNull(text(1000)),
  before: fc.constantFrom(null, { enablePortalTrackingLogs: false }, [1, 'two', null]),
  after: fc.constantFrom(null, { enablePortalTrackingLogs: true }),
  clientIp: orNull(fc.ipV6()),
  userAgent: orNull(text(1024)),
  logIndex: fc.nat(),
});
