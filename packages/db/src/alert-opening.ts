import { REOPENED_MINUTES, type AlertKind } from '@signet/domain/alert';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { mailOpened, tellReceivers } from './alert-telling.ts';
import { newId, type Transaction } from './database.ts';

/** Something that is the case, or was tried, and that members should look at. */
export interface AlertSign {
  readonly organizationId: string;
  readonly kind: AlertKind;
  /** What it is about: one alert for each while it lasts. */
  readonly subject: string;
  /** The same where it is the id of a recipient, a webhook, a syslog destination or an API key. */
  readonly aboutId: string | null;
  /** When it began, or was tried last. */
  readonly at: Date | string;
  /** Events that are new; of a condition none. */
  readonly more: number;
  /** Events of a new alert. */
  readonly count: number;
  readonly waiting?: number | null;
  readonly detail?: string | null;
}

const signs = `json_to_recordset($1::json) as s("organizationId" uuid, kind text, subject text, "aboutId" uuid, at timestamptz, more int,
  count int, waiting bigint, detail text, id uuid)`;
const ofSign = 'a.organization_id = s."organizationId" and a.kind = s.kind and a.subject = s.subject';

/**
 * Gathers signs in the alerts that are open, and opens those that are not, in the transaction that found them, which has members and receivers told. What is known and has not
 * changed is not written again. Whoever comes second finds what the first one opened. One that comes back is nobody's any more: whoever saw it
 * saw it end, and receivers were told so.
 * @returns the ids of those that are new or came back.
 */
export async function openAlerts(tx: Transaction, given: readonly AlertSign[]): Promise<string[]> {
  if (given.length === 0) return [];
  const json = JSON.stringify(
    given
      .map((sign) => ({ ...sign, detail: sign.detail == null ? null : recordTextOf(sign.detail, 500), id: newId() }))
      // Rows are locked in one order, so that no two wait for each other in a circle.
      .toSorted((a, b) => `${a.organizationId}${a.kind}${a.subject}`.localeCompare(`${b.organizationId}${b.kind}${b.subject}`)),
  );
  const again = await tx.query<{ id: string; wasSeen: boolean }>(
    `with again as (
       select distinct on (a.organization_id, a.kind, a.subject) a.organization_id, a.id, a.acknowledged_at is not null as "wasSeen" from alert a join ${signs} on ${ofSign}
       where s.more = 0 and a.resolved_at > clock_timestamp() - make_interval(mins => ${REOPENED_MINUTES})
         and not exists (select from alert o where o.organization_id = a.organization_id and o.kind = a.kind and o.subject = a.subject and o.resolved_at is null)
       order by a.organization_id, a.kind, a.subject, a.id desc
     )
     update alert a set resolved_at = null, count = a.count + 1, acknowledged_at = null, acknowledged_by = null from again
     where a.organization_id = again.organization_id and a.id = again.id and a.resolved_at is not null returning a.id, again."wasSeen"`,
    [json],
  );
  await tx.query(
    `update alert a set count = a.count + s.more, last_seen = greatest(a.last_seen, case when s.more > 0 then s.at else clock_timestamp() end),
       waiting = s.waiting, detail = coalesce(s.detail, a.detail)
     from ${signs} where ${ofSign} and a.resolved_at is null
       and (s.more > 0 or a.last_seen < clock_timestamp() - interval '1 minute' or coalesce(s.detail, a.detail) is distinct from a.detail)`,
    [json],
  );
  const opened = await tx.query<{ id: string }>(
    `insert into alert as a (organization_id, id, kind, subject, about_id, count, waiting, detail, first_seen, last_seen)
     select s."organizationId", s.id, s.kind, s.subject, s."aboutId", s.count, s.waiting, s.detail, s.at,
       case when s.more > 0 then s.at else greatest(s.at, clock_timestamp()) end
     from ${signs}
     where not exists (select from alert a where ${ofSign} and a.resolved_at is null)
     on conflict (organization_id, kind, subject) where resolved_at is null do nothing returning a.id`,
    [json],
  );
  const newIds = opened.map(({ id }) => id);
  // Of one that nobody has seen yet the first mail still stands.
  await mailOpened(tx, [...newIds, ...again.filter(({ wasSeen }) => wasSeen).map(({ id }) => id)]);
  const ids = [...newIds, ...again.map(({ id }) => id)];
  await tellReceivers(tx, ids, 'alert.opened');
  return ids;
}
