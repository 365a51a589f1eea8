import type { AdminAction, AdminRecord } from '@signet/domain/audit/admin-record';
import type { OperationStatus } from '@signet/domain/audit/entry';
import { Conditions } from './conditions.ts';
import type { OrganizationScope } from './database.ts';

/** What admin records are searched by; everything given must hold. */
export interface AdminRecordFilters {
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
  readonly actions?: readonly AdminAction[] | undefined;
  /** The actor's id or address. */
  readonly actor?: string | undefined;
  /** Id or name of what it was done to. */
  readonly target?: string | undefined;
  /** Whether it was done or refused. */
  readonly status?: OperationStatus | undefined;
}

/** One page of the organization's admin records, the newest in the log first. @returns them, and the index that the next page is below. */
export async function searchAdminRecords(
  scope: OrganizationScope,
  filters: AdminRecordFilters,
  page: { limit: number; below: number | null },
): Promise<{ items: AdminRecord[]; next: number | null }> {
  const where = new Conditions(scope.organizationId);
  addAdminRecordFilters(where, filters);
  if (page.below !== null) where.add((p) => `log_index < ${p}::bigint`, page.below);
  const rows = await scope.query<{ record: AdminRecord }>(
    `select record from admin_record where organization_id = $1 ${where.sql} order by log_index desc limit ${page.limit + 1}`,
    where.values,
  );
  const items = rows.slice(0, page.limit).map((row) => row.record);
  return { items, next: rows.length > page.limit ? (items.at(-1)?.logIndex ?? null) : null };
}

/** The conditions of a search, over the columns of admin records. */
export function addAdminRecordFilters(where: Conditions, filters: AdminRecordFilters): void {
  if (filters.from !== undefined) where.add((p) => `creation_time >= ${p}::timestamptz`, filters.from);
  if (filters.to !== undefined) where.add((p) => `creation_time < ${p}::timestamptz`, filters.to);
  if (filters.actions !== undefined) where.add((p) => `action = any(${p}::text[])`, filters.actions);
  if (filters.actor !== undefined) {
    where.add((p) => `(actor_id = ${p} or lower(record -> 'actor' ->> 'address') = lower(${p}))`, filters.actor);
  }
  if (filters.target !== undefined) where.add((p) => `target_id = ${p}`, filters.target);
  if (filters.status !== undefined) where.add((p) => `record ->> 'status' = ${p}`, filters.status);
}
