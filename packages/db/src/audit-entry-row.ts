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

/** A row's columns as ingest wrote them, which parses every event first. */
export interface AuditEntryRow {
  id: string;
  version: AuditEntry['version'];
  source: string;
  operation: AuditEntry['operation'];
  creation_time: Date;
  recorded_at: Date;
  organization_id: string;
  message_id: string;
  message_uid: string | null;
  recipients: string[];
  sender: string;
  authentication_method: AuditEntry['authenticationMethod'];
  authentication_status: AuditEntry['authenticationStatus'];
  operation_status: AuditEntry['operationStatus'];
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
    version: row.version,
    source: row.source,
    operation: row.operation,
    creationTime: row.creation_time.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    organizationId: row.organization_id,
    messageId: row.message_id,
    messageUid: row.message_uid,
    recipients: row.recipients,
    sender: row.sender,
    authenticationMethod: row.authentication_method,
    authenticationStatus: row.authentication_status,
    operationStatus: row.operation_status,
    attachmentName: row.attachment_name,
    operationProperties: row.operation_properties,
    actor: row.actor,
    clientIp: row.client_ip,
    userAgent: row.user_agent,
    logIndex: row.log_index,
  };
}
