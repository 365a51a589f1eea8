import { TRIED_MAIL_MINUTES, alertTexts, alertWords, triedAlerts, type AlertKind } from '@signet/domain/alert';
import { roleMay, roleNames } from '@signet/domain/role';
import { thingColumns, withThing, type AlertThing } from './alert-about.ts';
import { newId, type Transaction } from './database.ts';

/** Who is told: those who can do something about it. */
const told = roleNames.filter((name) => roleMay(name, 'alerts:write'));

/**
 * Has the members who answer for alerts told of new ones by mail, in the transaction that opens them. Of each kind that somebody else can
 * cause as often as they like there is one mail within a while, to each. Ingest, which opens those, works on an organization's log alone.
 */
export async function mailOpened(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `with mailed as (
       update alert a set mailed_at = clock_timestamp()
       where a.id = any($1::uuid[]) and (not a.kind = any($3::text[]) or (
         a.id = (select o.id from alert o where o.id = any($1::uuid[]) and o.organization_id = a.organization_id and o.kind = a.kind order by o.id limit 1)
         and not exists (select from alert o where o.organization_id = a.organization_id and o.kind = a.kind
           and o.mailed_at > clock_timestamp() - make_interval(mins => ${TRIED_MAIL_MINUTES}))))
       returning a.organization_id, a.id
     )
     insert into outbox (organization_id, kind, payload, event_time, next_attempt_at)
     select a.organization_id, 'send-alert-mail', jsonb_build_object('alertId', a.id, 'memberId', m.id), clock_timestamp(), clock_timestamp()
     from mailed a
     join member m on m.organization_id = a.organization_id and m.role = any($2::text[]) and m.disabled_at is null and m.password_hash is not null
     order by a.id, m.id`,
    [ids, told, triedAlerts],
  );
}

/**
 * Has the receivers that asked told of alerts, but a webhook's own of its own trouble. What is sent is written here, so that each attempt
 * sends the same. What of the organization's own it is about is named; whom it is about can be read by whoever may read the trail.
 */
export async function tellReceivers(tx: Transaction, ids: readonly string[], type: 'alert.opened' | 'alert.resolved'): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx.query<
    AlertThing & {
      organizationId: string;
      webhookId: string;
      id: string;
      kind: AlertKind;
      count: number;
      detail: string | null;
      firstSeen: Date;
      at: Date;
    }
  >(
    // A webhook that is being removed is waited for, and one that is held cannot go before its row is there.
    `select a.organization_id as "organizationId", w.id as "webhookId", a.id, a.kind, a.count, a.detail, a.first_seen as "firstSeen", clock_timestamp() as at,
       ${thingColumns}
     from alert a join webhook w on w.organization_id = a.organization_id and w.alerts and w.enabled and w.id is distinct from a.about_id ${withThing}
     where a.id = any($1::uuid[]) order by a.id, w.id for key share of w`,
    [ids],
  );
  if (rows.length === 0) return;
  const bodies = rows.map(({ organizationId, webhookId, at, id, kind, count, detail, firstSeen, ...about }) => ({
    organizationId,
    webhookId,
    id: newId(),
    body: JSON.stringify({
      type,
      timestamp: at.toISOString(),
      data: {
        alert: {
          id,
          kind,
          summary: alertWords[kind],
          text: alertTexts[kind].text,
          ...(type === 'alert.opened' && { advice: alertTexts[kind].advice }),
          about,
          count,
          detail,
          firstSeen: firstSeen.toISOString(),
        },
      },
    }),
  }));
  await tx.query(
    `insert into webhook_alert (organization_id, webhook_id, id, body)
     select "organizationId", "webhookId", id, body from json_to_recordset($1::json) as b("organizationId" uuid, "webhookId" uuid, id uuid, body text)`,
    [JSON.stringify(bodies)],
  );
}
