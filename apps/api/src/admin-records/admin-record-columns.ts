import type { LogPlace } from '@signet/db/audit-walk';
import type { AdminRecord } from '@signet/domain/audit/admin-record';
import type { CsvColumn } from '../audit-entries/csv-text.ts';

/** A record that was not erased, at its place in the log. */
export type RecordRow = Pick<LogPlace, 'logIndex' | 'hash'> & { readonly record: AdminRecord };

/** The columns of an export of admin records as CSV; what was changed is JSON. */
export const adminRecordColumns: readonly CsvColumn<RecordRow>[] = [
  ['CreationTime', ({ record }) => record.creationTime],
  ['Action', ({ record }) => record.action],
  ['Status', ({ record }) => record.status],
  ['ActorKind', ({ record }) => record.actor.kind],
  ['ActorId', ({ record }) => record.actor.id],
  ['ActorAddress', ({ record }) => record.actor.address],
  ['TargetKind', ({ record }) => record.target.kind],
  ['TargetId', ({ record }) => record.target.id],
  ['Reason', ({ record }) => record.reason],
  ['Before', ({ record }) => jsonOf(record.before)],
  ['After', ({ record }) => jsonOf(record.after)],
  ['ClientIp', ({ record }) => record.clientIp],
  ['UserAgent', ({ record }) => record.userAgent],
  ['Id', ({ record }) => record.id],
  ['RecordedAt', ({ record }) => record.recordedAt],
  ['OrganizationId', ({ record }) => record.organizationId],
  ['LogIndex', ({ logIndex }) => String(logIndex)],
  ['Hash', ({ hash }) => hash.toString('hex')],
];

function jsonOf(value: AdminRecord['before']): string | null {
  return value === null ? null : JSON.stringify(value);
}
