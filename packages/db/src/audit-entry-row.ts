import type { AuditEntry } from '@signet/domain/audit/entry';

/** Columns of `audit_entry` that make an entry, for a select list; `prefix` is the table's alias. */
export const auditEntryColumns = [
  'id',
  'version',
  'source',
  'operation',
  'creation_time',
  'recorded_at',
  'organization_id',
  'message_id',
  'message_uid',
  'recipients',
  'sender',
  'authentication_method',
  'authentication_status',
  'operation_status',
  'attachment_name',
  'operation_properties',
  'actor',
  'client_ip',
  'user_agent',
  'log_index',
] as const;

export interface AuditEntryRow {
  id: string;
  version: number;
  source: string;
  operation: string;
  creation_time: Date;
  recorded_at: Date;
  organization_id: string;
  message_id: string;
  message_uid: string | null;
  recipients: string[];
  sender: string;
  authentication_method: string | null;
  authentication_status: string | null;
  operation_status: string;
  attachment_name: string | null;
  operation_properties: AuditEntry['operationProperties'];
  actor: AuditEntry['actor'];
  client_ip: string | null;
  user_agent: string | null;
  log_index: number;
}

/** The entry exactly as it was hashed: a row loses nothing and adds nothing (a property test holds it to that). */
export function auditEntryFromRow(row: AuditEntryRow): AuditEntry {
  return {
    id: row.id,
    version: row.version as 1,
    source: row.source,
    operation: row.operation as AuditEntry['operation'],
    creationTime: row.creation_time.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    organizationId: row.organization_id,
    messageId: row.message_id,
    messageUid: row.message_uid,
    recipients: row.recipients,
    sender: row.sender,
    authenticationMethod: row.authentication_method as AuditEntry['authenticationMethod'],
    authenticationStatus: row.authentication_status as AuditEntry['authenticationStatus'],
    operationStatus: row.operation_status as AuditEntry['operationStatus'],
    attachmentName: row.attachment_name,
    operationProperties: row.operation_properties,
    actor: row.actor,
    clientIp: row.client_ip,
    userAgent: row.user_agent,
    logIndex: row.log_index,
  };
}
