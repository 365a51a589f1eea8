import { contentOperations } from '@signet/domain/audit/operation';
import type { TrackingPeriod } from '@signet/domain/tracking';
import type { OrganizationScope } from './database.ts';

/** One number: of what, in which interval (0 is the first). */
export interface StatisticsCount {
  /** `sent`, `neverTracked`, `revoked`, `opened`, `refused`, `delivery <state>`, `signIn <method>`. */
  readonly series: string;
  readonly interval: number;
  readonly value: number;
}

export interface StatisticsFacts {
  readonly counts: readonly StatisticsCount[];
  /** Spans in which tracking was on, in order of time. */
  readonly periods: readonly TrackingPeriod[];
  /** Since when there is the organization. */
  readonly since: Date;
  readonly firstMessageAt: Date | null;
  /** Every event committed before this moment is counted. */
  readonly indexedThrough: Date;
}

/**
 * Counts per interval, each statement once over its rows. Who reported what another system saw counts nowhere: only
 * Signet's own entries do. A refused try that was gathered with others of its minute counts as often as it happened.
 */
const countStatement = `
  with bounds as (select $2::timestamptz[] as b, ($2::timestamptz[])[1] as start, ($2::timestamptz[])[cardinality($2::timestamptz[])] as stop),
  message_in_time as materialized (
    select m.id, width_bucket(m.accepted_at, b) as i, m.uses_default_template from bounds
    join message m on m.organization_id = $1 and m.accepted_at >= start and m.accepted_at < stop
  )
  select 'sent' as series, i, count(*) as value from message_in_time group by i
  union all
  select 'neverTracked', i, count(*) from message_in_time where uses_default_template group by i
  union all
  select 'delivery ' || r.delivery_state, m.i, count(*) from message_in_time m
  join recipient r on r.organization_id = $1 and r.message_uid = m.id group by r.delivery_state, m.i
  union all
  select 'revoked', width_bucket(v.at, b) as i, count(distinct v.message_uid) from bounds
  join revocation v on v.organization_id = $1 and v.kind = 'revoke' and v.at >= start and v.at < stop group by 2
  union all
  select case e.operation when 'MessageAccess' then 'opened' else 'signIn ' || e.authentication_method end as series,
    width_bucket(e.creation_time, b) as i, count(*) from bounds
  join audit_entry e on e.organization_id = $1 and e.creation_time >= start and e.creation_time < stop
    and e.operation in ('MessageAccess', 'AuthenticateRequest') and e.operation_status = 'Success' and e.source = 'signet'
  group by 1, 2
  union all
  select 'refused', width_bucket(e.creation_time, b) as i, sum(coalesce(
      (select (property ->> 'value')::int from json_array_elements(e.operation_properties) as property
       where property ->> 'name' = 'Count' and property ->> 'value' ~ '^[0-9]{1,6}$' limit 1), 1)) from bounds
  join audit_entry e on e.organization_id = $1 and e.creation_time >= start and e.creation_time < stop
    and e.operation = any($3::text[]) and e.operation_status = 'Failure' and e.source = 'signet'
  group by 2`;

interface HeadRow {
  since: Date;
  firstMessageAt: Date | null;
  periods: { from: string; to: string | null }[] | null;
  indexedThrough: Date;
}

/** What statistics are made of. @param bounds where each interval begins, in order, and at last the end. */
export async function loadStatistics(scope: OrganizationScope, bounds: readonly Date[]): Promise<StatisticsFacts> {
  const { organizationId } = scope;
  // First what waits, then the counts: an event that becomes an entry in between is then counted and not promised.
  const [head] = await scope.query<HeadRow>(
    `select o.created_at as since, (select min(m.accepted_at) from message m where m.organization_id = o.id) as "firstMessageAt",
       (select json_agg(json_build_object('from', t.started_at, 'to', t.ended_at) order by t.started_at)
        from tracking_period t where t.organization_id = o.id) as periods,
       coalesce((select min(event_time) from outbox
           where organization_id = o.id and kind = 'ingest-audit-event' and payload ->> 'source' = 'signet'),
         date_trunc('milliseconds', statement_timestamp())) as "indexedThrough"
     from organization o where o.id = $1`,
    [organizationId],
  );
  const rows = await scope.query<{ series: string; i: number; value: number }>(countStatement, [organizationId, bounds, contentOperations]);
  return {
    counts: rows.map(({ series, i, value }) => ({ series, interval: i - 1, value })),
    periods: (head?.periods ?? []).map(({ from, to }) => ({ from: new Date(from), to: to === null ? null : new Date(to) })),
    since: head?.since ?? new Date(0),
    firstMessageAt: head?.firstMessageAt ?? null,
    indexedThrough: head?.indexedThrough ?? new Date(0),
  };
}
