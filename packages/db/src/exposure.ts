import { auditEvent, type AuditEvent } from '@signet/domain/audit/entry';
import { contentOperations } from '@signet/domain/audit/operation';
import type { OrganizationScope } from './database.ts';
import type { Doer } from './message-detail.ts';

/** What an exposure report is made of, all of one moment. */
export interface ExposureFacts {
  /** The database's clock: every event that was committed before it is among them. */
  readonly readAt: Date;
  readonly organizationName: string;
  /** Revocations and restorations that changed something, in order of time. */
  readonly revocations: readonly {
    readonly kind: 'revoke' | 'restore';
    readonly at: Date;
    readonly by: Doer;
    readonly reason: string | null;
    readonly recipientIds: readonly string[];
  }[];
  /** Signet's own events about content: those that are entries, and those that still wait in the outbox. In order of time. */
  readonly events: readonly AuditEvent[];
  /** Such events whose entries retention or an erasure by law has removed: how many, and the span in which entries of the message were; null where none was. */
  readonly removed: { readonly steps: number; readonly from: Date; readonly to: Date } | null;
}

interface FactsRow {
  readAt: Date;
  organizationName: string;
  revocations: { kind: 'revoke' | 'restore'; at: string; by: Doer; reason: string | null; recipientIds: string[] }[];
  entries: (Omit<AuditEvent, 'creationTime'> & { creationTime: string })[];
  waiting: unknown[];
  removed: { steps: number; from: string; to: string } | null;
}

/**
 * Reads a message's revocations and all events about its content in one statement, so in one snapshot: an event that is
 * on its way from the outbox into the log is seen exactly once.
 */
export async function loadExposureFacts(scope: OrganizationScope, messageUid: string): Promise<ExposureFacts> {
  const [row] = await scope.query<FactsRow>(
    `select date_trunc('milliseconds', statement_timestamp()) as "readAt",
       (select name from organization where id = $1) as "organizationName",
       (select coalesce(json_agg(json_build_object('kind', kind, 'at', at, 'by', by, 'reason', reason, 'recipientIds', recipient_ids)
          order by at, id), '[]')
        from revocation where organization_id = $1 and message_uid = $2) as revocations,
       (select coalesce(json_agg(json_build_object('id', id, 'version', version, 'source', source, 'operation', operation,
          'creationTime', creation_time, 'organizationId', organization_id, 'messageId', message_id, 'messageUid', message_uid,
          'recipients', recipients, 'sender', sender, 'authenticationMethod', authentication_method,
          'authenticationStatus', authentication_status, 'operationStatus', operation_status, 'attachmentName', attachment_name,
          'operationProperties', operation_properties, 'actor', actor, 'clientIp', client_ip, 'userAgent', user_agent)), '[]')
        from audit_entry where organization_id = $1 and message_uid = $2 and source = 'signet' and operation = any($3::text[])) as entries,
       (select coalesce(json_agg(payload), '[]')
        from outbox where organization_id = $1 and message_uid = $2 and kind = 'ingest-audit-event'
          and payload ->> 'source' = 'signet' and payload ->> 'operation' = any($3::text[])) as waiting,
       (select json_build_object('steps', content_entries, 'from', oldest, 'to', newest) from audit_removed_count
        where organization_id = $1 and message_uid = $2 and content_entries > 0) as removed`,
    [scope.organizationId, messageUid, contentOperations],
  );
  if (!row) throw new Error('The database did not answer');
  const entries = row.entries.map((entry) => ({ ...entry, creationTime: new Date(entry.creationTime).toISOString() }));
  const events = [...entries, ...row.waiting].map((event) => auditEvent.parse(event));
  return {
    readAt: row.readAt,
    organizationName: row.organizationName,
    revocations: row.revocations.map((revocation) => ({ ...revocation, at: new Date(revocation.at) })),
    removed: row.removed && { steps: row.removed.steps, from: new Date(row.removed.from), to: new Date(row.removed.to) },
    events: events.toSorted((a, b) => a.creationTime.localeCompare(b.creationTime) || a.id.localeCompare(b.id)),
  };
}
