import type { AuditEntry, AuthenticationMethod, OperationStatus } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { bracketed } from '@signet/domain/message-id';
import { auditEntryColumns, auditEntryFromRow, type AuditEntryRow } from './audit-entry-row.ts';
import { Conditions } from './conditions.ts';
import type { OrganizationScope } from './database.ts';

/** What entries are searched by; everything given must hold. Addresses may end in `*`, which makes them a prefix. */
export interface AuditFilters {
  /** A Message-ID with or without angle brackets, or Signet's own id of a message. */
  readonly messageId?: string | undefined;
  readonly recipient?: string | undefined;
  readonly sender?: string | undefined;
  /** Words of the subject, all of which must occur. */
  readonly subject?: string | undefined;
  readonly operations?: readonly Operation[] | undefined;
  readonly authenticationMethod?: AuthenticationMethod | undefined;
  readonly authenticationStatus?: OperationStatus | undefined;
  readonly operationStatus?: OperationStatus | undefined;
  readonly source?: string | undefined;
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

/** Where a page of entries ended. */
export interface AuditPosition {
  readonly creationTime: string;
  readonly id: string;
}

export interface AuditPage {
  readonly items: AuditEntry[];
  readonly next: AuditPosition | null;
  /** False while an event of the time asked for is still on its way into the log. */
  readonly complete: boolean;
  /** Every event committed before this moment is searchable. */
  readonly indexedThrough: Date;
}

/** One page of the organization's audit entries, newest first, by keyset. */
export async function searchAuditEntries(
  scope: OrganizationScope,
  filters: AuditFilters,
  page: { limit: number; after: AuditPosition | null },
): Promise<AuditPage> {
  // First what waits, then the search: an event that becomes an entry in between is then found and not promised, never the reverse.
  const [waiting] = await scope.query<{ oldest: Date | null; now: Date }>(
    `select min(event_time) as oldest, date_trunc('milliseconds', statement_timestamp()) as now
     from outbox where organization_id = $1 and kind = 'ingest-audit-event'`,
    [scope.organizationId],
  );
  const rows = await scope.query<AuditEntryRow>(...statementOf(scope.organizationId, filters, page));
  const items = rows.slice(0, page.limit).map(auditEntryFromRow);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  const oldest = waiting?.oldest ?? null;
  return {
    items,
    next: last ? { creationTime: last.creationTime, id: last.id } : null,
    complete: oldest === null || (filters.to !== undefined && oldest >= new Date(filters.to)),
    indexedThrough: oldest ?? waiting?.now ?? new Date(0),
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function statementOf(
  organizationId: string,
  filters: AuditFilters,
  page: { limit: number; after: AuditPosition | null },
): [sql: string, values: unknown[]] {
  const where = new Conditions(organizationId);
  addAuditFilters(where, filters);
  if (page.after)
    where.add((at, id) => `(e.creation_time, e.id) < (${at}::timestamptz, ${id}::uuid)`, page.after.creationTime, page.after.id);
  return [
    `select ${auditEntryColumns.map((column) => `e.${column}`).join(', ')} from audit_entry e
     where e.organization_id = $1 ${where.sql} order by e.creation_time desc, e.id desc limit ${page.limit + 1}`,
    where.values,
  ];
}

/** What the filters ask of an entry `e`. */
export function addAuditFilters(where: Conditions, filters: AuditFilters): void {
  const { messageId, recipient, sender, subject, operations, source, from, to } = filters;
  if (messageId !== undefined) addMessage(where, messageId);
  if (recipient !== undefined) addAddress(where, 'recipient', recipient);
  if (sender !== undefined) addAddress(where, 'sender', sender);
  if (subject !== undefined) {
    where.add(
      (p) => `exists (select from json_array_elements(e.operation_properties) as property
         where property ->> 'name' = 'MailSubject'
           and to_tsvector('simple', property ->> 'value') @@ plainto_tsquery('simple', ${p}))`,
      subject,
    );
  }
  if (operations !== undefined) where.add((p) => `e.operation = any(${p}::text[])`, operations);
  for (const [column, value] of [
    ['authentication_method', filters.authenticationMethod],
    ['authentication_status', filters.authenticationStatus],
    ['operation_status', filters.operationStatus],
    ['source', source],
  ] as const) {
    if (value !== undefined) where.add((p) => `e.${column} = ${p}`, value);
  }
  if (from !== undefined) where.add((p) => `e.creation_time >= ${p}::timestamptz`, from);
  if (to !== undefined) where.add((p) => `e.creation_time < ${p}::timestamptz`, to);
}

/** Entries `e` of a message. */
export function addMessage(where: Conditions, messageId: string): void {
  if (uuid.test(messageId)) where.add((p) => `e.message_uid = ${p}::uuid`, messageId);
  else where.add((p) => `e.message_id = ${p}`, bracketed(messageId));
}

/** Addresses are looked up in the narrow table that has one row for each of an entry's. */
function addAddress(where: Conditions, role: 'recipient' | 'sender', addressOrPrefix: string): void {
  where.addAddress(
    'a.address',
    addressOrPrefix,
    (condition) => `exists (select from audit_entry_address a where a.organization_id = e.organization_id and a.role = '${role}'
       and a.creation_time = e.creation_time and a.entry_id = e.id and ${condition})`,
  );
}
