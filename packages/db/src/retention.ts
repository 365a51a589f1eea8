import type { Operation } from '@signet/domain/audit/operation';
import { keptForEver, limitedOperations, retentionPolicy, SETTLING_DAYS, type RetentionPolicy } from '@signet/domain/retention';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import type { OrganizationScope, OrganizationTransaction, SystemScope } from './database.ts';
import { heldEntrySql } from './held.ts';
import type { Queryable } from './queryable.ts';

/** Entries of an operation, and messages, that are counted at most. */
export const PREVIEW_LIMIT = 10_000;
/** Minutes for which a worker that may remove entries is believed to run after it last looked. */
const WORKER_MINUTES = 60;

/** A policy, with when it was last carried out. */
export interface StoredRetention {
  readonly policy: RetentionPolicy;
  readonly sweptAt: Date | null;
  /** Whether there is a worker that may remove entries. */
  readonly isCarriedOut: boolean;
}

/** How long the organization's entries are kept. */
export async function readRetention(db: Queryable & { readonly organizationId: string }): Promise<StoredRetention> {
  const [row] = await db.query<{ days: number | null; operations: object | null; sweptAt: Date | null; isCarriedOut: boolean }>(
    `select p.days, p.operations, p.swept_at as "sweptAt",
       exists (select from retention_worker where seen_at > clock_timestamp() - make_interval(mins => $2::int)) as "isCarriedOut"
     from (values (1)) as one left join retention_policy p on p.organization_id = $1::uuid`,
    [db.organizationId, WORKER_MINUTES],
  );
  const policy = row?.operations == null ? keptForEver : retentionPolicy.parse({ days: row.days, operations: row.operations });
  return { policy, sweptAt: row?.sweptAt ?? null, isCarriedOut: row?.isCarriedOut ?? false };
}

/** What retention has removed of the organization so far, and when it last did; null: never. */
export async function countRemoved(scope: OrganizationScope): Promise<{ entries: number; lastAt: Date | null }> {
  const [row] = await scope.query<{ entries: number; lastAt: Date | null }>(
    `select coalesce(sum(entries), 0)::bigint as entries, max(removed_at) as "lastAt"
     from audit_removal where organization_id = $1::uuid and cause = 'retention'`,
    [scope.organizationId],
  );
  return row ?? { entries: 0, lastAt: null };
}

/** How many steps of a message are removed from the trail, and the span in which they were, at the widest; null where none is. */
export async function removedSteps(scope: OrganizationScope, messageUid: string): Promise<{ steps: number; from: Date; to: Date } | null> {
  const [row] = await scope.query<{ steps: number; from: Date; to: Date }>(
    `select entries as steps, oldest as "from", newest as "to" from audit_removed_count
     where organization_id = $1::uuid and message_uid = $2::uuid and entries > 0`,
    [scope.organizationId, messageUid],
  );
  return row ?? null;
}

/** Sets the policy, with the record of it. What is so already is no change. */
export async function changeRetention(
  tx: OrganizationTransaction,
  policy: RetentionPolicy,
  act: Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'>,
): Promise<StoredRetention> {
  await tx.query('select from organization where id = $1 for no key update', [tx.organizationId]);
  const before = await readRetention(tx);
  if (textOf(before.policy) === textOf(policy)) return before;
  await tx.query(
    `insert into retention_policy (organization_id, days, operations) values ($1::uuid, $2::int, $3::json)
     on conflict (organization_id) do update set days = excluded.days, operations = excluded.operations`,
    [tx.organizationId, policy.days, JSON.stringify(policy.operations)],
  );
  await appendAdminRecord(tx, {
    ...act,
    action: 'RetentionChange',
    target: { kind: 'retention', id: null },
    before: before.policy,
    after: policy,
  });
  return { ...before, policy };
}

/** The same text for policies that mean the same, in whatever order they name operations. */
function textOf({ days, operations }: RetentionPolicy): string {
  return JSON.stringify([days, Object.entries(operations).toSorted(([one], [other]) => one.localeCompare(other))]);
}

/** What a policy would remove at once. */
export interface RetentionPreview {
  /** Counted up to a limit, each operation by itself. */
  readonly operations: readonly {
    readonly operation: Operation;
    readonly entries: number;
    readonly held: number;
    readonly isCut: boolean;
  }[];
  readonly oldest: Date | null;
}

/** Counts the entries whose time would be over, and those of them that a hold keeps. */
export async function previewRetention(scope: OrganizationScope, policy: RetentionPolicy): Promise<RetentionPreview> {
  const limited = limitedOperations(policy);
  const rows = await scope.query<{ operation: Operation; entries: number; held: number; oldest: Date | null }>(
    `select due.name as operation, found.entries, found.held, found.oldest
     from unnest($2::text[], $3::int[]) as due(name, days)
     cross join lateral (
       select count(*) filter (where not is_held) as entries, count(*) filter (where is_held) as held, min(creation_time) as oldest
       from (
         select e.creation_time, ${heldEntrySql('e')} as is_held from audit_entry e
         where e.organization_id = $1::uuid and e.operation = due.name
           and e.creation_time < statement_timestamp() - make_interval(hours => 24 * due.days)
           and e.recorded_at < statement_timestamp() - make_interval(hours => 24 * $4::int)
         order by e.creation_time limit $5
       ) as counted
     ) as found where found.entries + found.held > 0`,
    [scope.organizationId, limited.map(({ operation }) => operation), limited.map(({ days }) => days), SETTLING_DAYS, PREVIEW_LIMIT],
  );
  const times = rows.flatMap(({ oldest }) => oldest?.getTime() ?? []);
  return {
    operations: rows.map(({ operation, entries, held }) => ({ operation, entries, held, isCut: entries + held >= PREVIEW_LIMIT })),
    oldest: times.length === 0 ? null : new Date(Math.min(...times)),
  };
}

/** Organizations in which entries are not kept for ever while no worker may remove them. */
export async function countUncarriedPolicies(system: SystemScope): Promise<number> {
  const [row] = await system.query<{ count: number }>(
    `select count(*) as count from retention_policy
     where (days is not null or exists (select from json_each_text(operations) as named where named.value is not null))
       and not exists (select from retention_worker where seen_at > clock_timestamp() - make_interval(mins => $1::int))`,
    [WORKER_MINUTES],
  );
  return row?.count ?? 0;
}
