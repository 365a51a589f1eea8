import type { AlertKind, AlertState } from '@signet/domain/alert';
import type { Actor } from '@signet/domain/audit/entry';
import { thingColumns, withThing, type AlertThing } from './alert-about.ts';
import { Conditions } from './conditions.ts';
import type { OrganizationScope, OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** Who acts, and a name that people know them by. */
export type Acknowledger = Actor & { readonly name: string };

/** An alert with what it is about, as far as that is still there. */
export interface StoredAlert extends AlertThing {
  readonly id: string;
  readonly kind: AlertKind;
  readonly count: number;
  /** Entries that wait; null where none do. */
  readonly waiting: number | null;
  readonly detail: string | null;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly resolvedAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: Acknowledger | null;
  readonly messageUid: string | null;
  readonly messageId: string | null;
  readonly recipient: string | null;
}

const columns = `a.id, a.kind, a.count, a.waiting, a.detail, a.first_seen as "firstSeen", a.last_seen as "lastSeen", a.resolved_at as "resolvedAt",
  a.acknowledged_at as "acknowledgedAt", a.acknowledged_by as "acknowledgedBy", m.id as "messageUid", m.message_id as "messageId",
  r.address as recipient, ${thingColumns}`;

const withWhatItIsAbout = `alert a
  left join recipient r on a.kind in ('failedSignIns', 'openingAfterRevocation') and r.organization_id = a.organization_id and r.id = a.about_id
  left join message m on m.organization_id = r.organization_id and m.id = r.message_uid
  ${withThing}`;

export interface AlertFilters {
  readonly state?: AlertState | undefined;
  readonly kinds?: readonly AlertKind[] | undefined;
  /** Whether a member has seen it. */
  readonly acknowledged?: boolean | undefined;
}

/** One page of the organization's alerts, the one that was opened last first. @returns it, and the id that the next page is below. */
export async function listAlerts(
  scope: OrganizationScope,
  { state, kinds, acknowledged }: AlertFilters,
  page: { readonly limit: number; readonly below: string | null },
): Promise<{ items: StoredAlert[]; next: string | null }> {
  const where = new Conditions(scope.organizationId);
  if (state !== undefined) where.add(() => `a.resolved_at is ${state === 'open' ? 'null' : 'not null'}`);
  if (kinds !== undefined) where.add((p) => `a.kind = any(${p}::text[])`, kinds);
  if (acknowledged !== undefined) where.add(() => `a.acknowledged_at is ${acknowledged ? 'not null' : 'null'}`);
  if (page.below !== null) where.add((p) => `a.id < ${p}::uuid`, page.below);
  const rows = await scope.query<StoredAlert>(
    `select ${columns} from ${withWhatItIsAbout} where a.organization_id = $1::uuid ${where.sql} order by a.id desc limit ${page.limit + 1}`,
    where.values,
  );
  const items = rows.slice(0, page.limit);
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}

/** One alert; null where the organization has none of that id. */
export async function findAlert(db: Queryable & { readonly organizationId: string }, id: string): Promise<StoredAlert | null> {
  const [row] = await db.query<StoredAlert>(
    `select ${columns} from ${withWhatItIsAbout} where a.organization_id = $1::uuid and a.id = $2::uuid`,
    [db.organizationId, id],
  );
  return row ?? null;
}

/** Notes who has seen an alert, the first of them. @returns whether nobody had. */
export async function acknowledgeAlert(tx: OrganizationTransaction, id: string, by: Acknowledger): Promise<boolean> {
  const changed = await tx.query(
    `update alert set acknowledged_at = clock_timestamp(), acknowledged_by = $3::jsonb
     where organization_id = $1::uuid and id = $2::uuid and acknowledged_at is null returning 1`,
    [tx.organizationId, id, JSON.stringify(by)],
  );
  return changed.length > 0;
}

/** How many are open, and how many of those nobody has acknowledged. Names nobody. */
export async function countOpenAlerts(scope: OrganizationScope): Promise<{ open: number; unacknowledged: number }> {
  const [row] = await scope.query<{ open: number; unacknowledged: number }>(
    `select count(*) as open, count(*) filter (where acknowledged_at is null) as unacknowledged
     from alert where organization_id = $1::uuid and resolved_at is null`,
    [scope.organizationId],
  );
  return row ?? { open: 0, unacknowledged: 0 };
}
