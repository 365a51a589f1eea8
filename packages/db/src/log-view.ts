import { logStreams, type LogStream } from '@signet/domain/log/checkpoint';
import { widthOf, type TilePlace } from '@signet/domain/log/tile';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { auditEntryColumns, auditEntryFromRow, type AuditEntryRow } from './audit-entry-row.ts';
import type { OrganizationScope } from './database.ts';

/** How far a log is, for who looks at it. */
export interface LogStanding {
  readonly stream: LogStream;
  /** Null before anything was sealed. */
  readonly origin: string | null;
  /** Entries recorded. */
  readonly entries: number;
  readonly publishedSize: number;
  readonly publishedAt: Date | null;
  readonly refusal: string | null;
  readonly checkedAt: Date | null;
  readonly checkedSize: number | null;
  readonly difference: string | null;
  readonly differenceIndex: number | null;
}

/** Both logs of the organization, those in which nothing was recorded yet included. */
export function listLogs(scope: OrganizationScope): Promise<LogStanding[]> {
  return scope.query<LogStanding>(
    `select log.stream, s.origin, coalesce(h.size, 0) as entries, coalesce(s.published_size, 0) as "publishedSize", s.published_at as "publishedAt",
       s.refusal, s.checked_at as "checkedAt", s.checked_size as "checkedSize", s.difference, s.difference_index as "differenceIndex"
     from unnest($2::text[]) with ordinality as log(stream, place)
     left join log_head h on h.organization_id = $1::uuid and h.stream = log.stream
     left join log_seal s on s.organization_id = $1::uuid and s.stream = log.stream
     order by log.place`,
    [scope.organizationId, logStreams],
  );
}

/**
 * How many entries a log of the organization has. Its row is locked while entries are added, so that every place below the size
 * is filled: what lies there can be read without a gap.
 */
export async function logSize(scope: OrganizationScope, stream: LogStream): Promise<number> {
  const [head] = await scope.query<{ size: number }>('select size from log_head where organization_id = $1 and stream = $2', [
    scope.organizationId,
    stream,
  ]);
  return head?.size ?? 0;
}

/** The checkpoint that others may know; null before the first one. */
export async function publishedCheckpoint(scope: OrganizationScope, stream: LogStream): Promise<{ note: string; size: number } | null> {
  const [row] = await scope.query<{ note: string; size: number }>(
    `select published_note as note, published_size as size from log_seal
     where organization_id = $1::uuid and stream = $2 and published_note is not null`,
    [scope.organizationId, stream],
  );
  return row ?? null;
}

/** The first hashes of a tile, 32 bytes each; null where the published checkpoint does not cover so many. */
export async function publishedTile(
  scope: OrganizationScope,
  stream: LogStream,
  { width, ...place }: TilePlace & { readonly width: number },
): Promise<Buffer | null> {
  const [row] = await scope.query<{ hashes: Buffer; size: number }>(
    `select substr(t.hashes, 1, 32 * $5::int) as hashes, s.published_size as size
     from log_tile t join log_seal s on s.organization_id = t.organization_id and s.stream = t.stream
     where t.organization_id = $1::uuid and t.stream = $2 and t.level = $3::smallint and t.number = $4::bigint and s.published_note is not null`,
    [scope.organizationId, stream, place.level, place.number, width],
  );
  return row && widthOf(place, row.size) >= width ? row.hashes : null;
}

/** An audit entry with what its log entry was made of; null where the organization has none of that id. */
export async function findLoggedEntry(
  scope: OrganizationScope,
  id: string,
): Promise<{ readonly entry: AuditEntry; readonly salt: Buffer; readonly hash: Buffer } | null> {
  const [row] = await scope.query<AuditEntryRow & { salt: Buffer; hash: Buffer }>(
    `select ${auditEntryColumns.map((column) => `e.${column}`).join(', ')}, e.salt, l.hash
     from audit_entry e
     join log_entry l on l.organization_id = e.organization_id and l.stream = 'audit' and l.log_index = e.log_index
     where e.organization_id = $1::uuid and e.id = $2::uuid order by e.log_index limit 1`,
    [scope.organizationId, id],
  );
  return row ? { entry: auditEntryFromRow(row), salt: row.salt, hash: row.hash } : null;
}
