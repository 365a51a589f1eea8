import {
  FEED_READER,
  STUCK_ATTEMPTS,
  STUCK_MINUTES,
  TRIED_HOURS,
  UNSEALED_SECONDS,
  lastingAlerts,
  triedAlerts,
  type AlertKind,
} from '@signet/domain/alert';
import type { Actor } from '@signet/domain/audit/entry';
import { attemptsOver, type JobKind } from '@signet/domain/jobs';
import { openAlerts, type AlertSign } from './alert-opening.ts';
import { tellReceivers } from './alert-telling.ts';
import type { OrganizationTransaction, Transaction } from './database.ts';

/** Whether the entry at a place of an organization's audit log has been there for a while; one that retention took has. */
const isOld = (organization: string, place: string, interval: string) =>
  `not exists (select from audit_entry e where e.organization_id = ${organization} and e.log_index = ${place}
    and e.recorded_at > clock_timestamp() - ${interval})`;

/**
 * The last trouble with a webhook. Of an answer its status alone: what the receiver said, who may have been sent entries, is for those who may read its
 * deliveries, and goes to no other receiver.
 */
const lastError = `(select coalesce('It answered ' || d.status, d.error) from webhook_delivery d where d.organization_id = w.organization_id and d.webhook_id = w.id and d.error is not null
  order by d.id desc limit 1)`;

/**
 * When an admin record was recorded, in its own text; null where it does not say. Neither JSON is read nor a time made of it: either can fail
 * on a record that somebody changed, and one such would end the watch over all organizations.
 */
const recordedAt = (record: string) => `substring(${record}::text from '"recordedAt":\\s*"([0-9TZ:.-]+)"') collate "C"`;

/** A time in the text that records have it in, which sorts as time does. */
const isoText = (time: string) => `to_char((${time}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') collate "C"`;

const unsealed = `make_interval(secs => ${UNSEALED_SECONDS})`;
const stuck = `make_interval(mins => ${STUCK_MINUTES})`;
const missed = `make_interval(hours => ${FEED_READER.hours})`;

/** Failed attempts in a row of an event to become an entry that span as long. */
const stuckAttempts = attemptsOver(STUCK_MINUTES * 60);

/**
 * How many events have been due for long and are not in their log: they fail again and again, or nobody takes them. One that fails is put off
 * each time, and so told by its attempts; one that waits for a download to end is not due. None is due before it happened: so what came of late, a
 * backlog under load, is passed over in the index.
 */
const lateEvents = (
  stream: 'audit' | 'admin',
  kind: JobKind,
) => `select organization_id, '${stream}' as stream, count(*) as waiting from outbox
    where kind = '${kind}' and event_time < statement_timestamp() - ${stuck} and dead_at is null
      and (attempts >= ${stuckAttempts} or next_attempt_at < statement_timestamp() - ${stuck}) group by organization_id`;

/** How many entries have no checkpoint, where the first of them has waited for one for long. */
const unsealedEntries = `select h.organization_id, h.stream, h.size - coalesce(s.published_size, 0) as waiting
    from log_head h left join log_seal s on s.organization_id = h.organization_id and s.stream = h.stream
    where h.size > coalesce(s.published_size, 0) and s.refusal is null and (s.published_at is null or s.published_at < clock_timestamp() - ${unsealed})
      and case h.stream when 'audit' then ${isOld('h.organization_id', 'coalesce(s.published_size, 0)', unsealed)}
        else not exists (select from admin_record a where a.organization_id = h.organization_id and a.log_index = coalesce(s.published_size, 0)
          and ${recordedAt('a.record')} > ${isoText(`clock_timestamp() - ${unsealed}`)}) end`;

/** Each kind's condition: what it is about, since when, how much waits, and what is known of it. */
const conditions = {
  trackingOff: `select o.id as organization_id, 'tracking' as subject, null::uuid as about_id, max(t.ended_at) as at, null::bigint as waiting, null::text as detail
    from organization o join tracking_period t on t.organization_id = o.id where not o.enable_portal_tracking_logs
    group by o.id having bool_and(t.ended_at is not null)`,
  webhookDisabled: `select w.organization_id, w.id::text, w.id, clock_timestamp(), null::bigint, ${lastError}
    from webhook w where not w.enabled and w.failure is not null`,
  webhookStuck: `select w.organization_id, w.id::text, w.id, clock_timestamp(), case when w.entries then nullif(h.size - w.next_index, 0) end, ${lastError}
    from webhook w left join log_head h on h.organization_id = w.organization_id and h.stream = 'audit'
    where w.enabled and ((w.entries and h.size > w.next_index and (w.attempts >= ${STUCK_ATTEMPTS}
      or (w.next_attempt_at < clock_timestamp() - ${stuck} and ${isOld('w.organization_id', 'w.next_index', stuck)})))
      or ((w.attempts >= ${STUCK_ATTEMPTS} or w.checkpoint_after is not null) and exists (
        select from checkpoint_sending s where s.organization_id = w.organization_id and s.id = w.checkpoint_id)))`,
  syslogDisabled: `select d.organization_id, d.id::text, d.id, clock_timestamp(), null::bigint, d.last_error
    from syslog_destination d where not d.enabled and d.failure is not null`,
  syslogStuck: `select d.organization_id, d.id::text, d.id, clock_timestamp(), h.size - d.next_index, d.last_error
    from syslog_destination d join log_head h on h.organization_id = d.organization_id and h.stream = 'audit'
    where d.enabled and h.size > d.next_index and (d.attempts >= ${STUCK_ATTEMPTS}
      or (d.next_attempt_at < clock_timestamp() - ${stuck} and ${isOld('d.organization_id', 'd.next_index', stuck)}))`,
  feedStuck: `select r.organization_id, r.api_key_id::text, r.api_key_id, r.read_at, h.size - r.next_index, null::text
    from feed_reader r join log_head h on h.organization_id = r.organization_id and h.stream = 'audit'
    join api_key k on k.organization_id = r.organization_id and k.id = r.api_key_id and k.revoked_at is null
    where h.size > r.next_index and r.moved_at < clock_timestamp() - ${missed} and r.moved_at - r.first_read_at >= ${missed}
      and r.read_at > clock_timestamp() - make_interval(days => ${FEED_READER.forgottenDays})
      and ${isOld('r.organization_id', 'r.next_index', missed)}`,
  sealingBehind: `select b.organization_id, b.stream, null::uuid, clock_timestamp(), sum(b.waiting)::bigint, null::text
    from (${lateEvents('audit', 'ingest-audit-event')} union all ${lateEvents('admin', 'ingest-admin-event')} union all ${unsealedEntries}) as b
    group by b.organization_id, b.stream`,
  sealingRefused: `select s.organization_id, s.stream, null::uuid, coalesce(s.refused_at, clock_timestamp()), h.size - coalesce(s.published_size, 0), s.refusal
    from log_seal s left join log_head h on h.organization_id = s.organization_id and h.stream = s.stream where s.refusal is not null`,
  logDiffers: `select s.organization_id, s.stream, null::uuid, coalesce(s.checked_at, clock_timestamp()), null::bigint,
      coalesce('Place ' || s.difference_index || ': ', '') || s.difference from log_seal s where s.difference is not null`,
} as const satisfies Partial<Record<AlertKind, string>>;

const everyCondition = Object.entries(conditions)
  .map(([kind, sql]) => `select '${kind}' as kind, c.* from (${sql}) c(organization_id, subject, about_id, at, waiting, detail)`)
  .join(' union all ');

/**
 * Looks at what is the case now, in all organizations: opens alerts of it, and resolves those of what is over and of what nobody tried for
 * a day.
 * @returns how many were opened or resolved.
 */
export async function watchAlerts(tx: Transaction): Promise<number> {
  const found = await tx.query<Omit<AlertSign, 'more' | 'count'>>(
    `select organization_id as "organizationId", kind, subject, about_id as "aboutId", at, waiting, detail from (${everyCondition}) as c`,
  );
  const opened = await openAlerts(
    tx,
    found.map((sign) => ({ ...sign, more: 0, count: 1 })),
  );
  const resolved = await tx.query<{ id: string }>(
    `update alert a set resolved_at = clock_timestamp(), last_seen = case when a.kind = any($1::text[]) then clock_timestamp() else a.last_seen end
     where a.resolved_at is null and (
       (a.kind = any($1::text[]) and not exists (
         select from unnest($3::uuid[], $4::text[], $5::text[]) as s(organization_id, kind, subject)
         where s.organization_id = a.organization_id and s.kind = a.kind and s.subject = a.subject))
       or (a.kind = any($2::text[]) and a.last_seen < clock_timestamp() - make_interval(hours => ${TRIED_HOURS})))
     returning a.id`,
    [
      lastingAlerts,
      triedAlerts,
      found.map(({ organizationId }) => organizationId),
      found.map(({ kind }) => kind),
      found.map(({ subject }) => subject),
    ],
  );
  await tellReceivers(
    tx,
    resolved.map(({ id }) => id),
    'alert.resolved',
  );
  return opened.length + resolved.length;
}

/** The switch of tracking was moved: one that is off for a moment only is told of all the same. @param by whoever did it, whom the alert names. */
export async function noteTrackingSwitch(tx: OrganizationTransaction, on: boolean, at: Date, by: Actor): Promise<void> {
  const { organizationId } = tx;
  if (!on) {
    const facts = { organizationId, kind: 'trackingOff', subject: 'tracking', aboutId: null, at, more: 0, count: 1 } as const;
    await openAlerts(tx, [{ ...facts, detail: by.address ?? (await nameOfKey(tx, by)) }]);
    return;
  }
  const resolved = await tx.query<{ id: string }>(
    `update alert set resolved_at = clock_timestamp(), last_seen = clock_timestamp()
     where organization_id = $1::uuid and kind = 'trackingOff' and resolved_at is null returning id`,
    [organizationId],
  );
  await tellReceivers(
    tx,
    resolved.map(({ id }) => id),
    'alert.resolved',
  );
}

async function nameOfKey(tx: OrganizationTransaction, { kind, id }: Actor): Promise<string | null> {
  if (kind !== 'integration') return null;
  const [key] = await tx.query<{ name: string }>('select name from api_key where organization_id = $1::uuid and id::text = $2', [
    tx.organizationId,
    id,
  ]);
  return key ? `API key “${key.name}”` : null;
}
