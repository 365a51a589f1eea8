import { FEED_READER, KEPT_ALERT_DAYS } from '@signet/domain/alert';
import type { SystemScope } from './database.ts';
import { memberMailHasUse } from './member-mail.ts';
import type { Queryable } from './queryable.ts';

/** Which tables forget rows a day after they stopped to mean anything, and by which column they did. */
const expiring = {
  recipient_session: 'expires_at',
  member_session: 'expires_at',
  sender_session: 'expires_at',
  passcode_request: 'expires_at',
  sender_passcode_request: 'expires_at',
  message_access: 'expires_at',
  // Its event has what is to be said of it; one that is not over has no such time.
  attachment_download: 'ended_at',
  member_sign_in_step: 'expires_at',
  member_link: 'expires_at',
  member_totp: 'expires_at',
  passkey_challenge: 'expires_at',
  rate_limit: 'window_start',
} as const;

/** Which others are forgotten, and when. An open alert is not, however old. */
const forgotten = {
  alert: `resolved_at < clock_timestamp() - interval '${KEPT_ALERT_DAYS} days'`,
  feed_reader: `read_at < clock_timestamp() - interval '${FEED_READER.forgottenDays} days'`,
} as const;

const ofClosedMessage = `exists (select from message m where m.organization_id = outbox.organization_id and m.id = outbox.message_uid
    and (m.erased_at is not null or m.expires_at < clock_timestamp() - interval '1 day'))`;

/** Dead mails that can neither be sent nor be of use to anybody. What they hold sealed, a passcode or a link, is worth nothing any more. */
const uselessMail = `case kind
  when 'send-passcode-mail' then true
  when 'send-sender-passcode-mail' then true
  when 'send-template-test' then true
  when 'send-member-mail' then dead_at < clock_timestamp() - interval '30 days' or not (${memberMailHasUse('outbox', 'clock_timestamp()')})
  when 'send-alert-mail' then dead_at < clock_timestamp() - interval '30 days'
  when 'send-wrapper-mail' then ${ofClosedMessage} or dead_at < clock_timestamp() - interval '30 days' and not exists (
    select from recipient r where r.organization_id = outbox.organization_id and r.id = (outbox.payload ->> 'recipientId')::uuid and r.revoked_at is null)
  when 'send-sender-notice' then ${ofClosedMessage}
  when 'send-delivery-report' then dead_at < clock_timestamp() - interval '30 days'
  when 'send-sender-facts' then dead_at < clock_timestamp() - interval '30 days'
  when 'send-checkpoint-mail' then dead_at < clock_timestamp() - interval '30 days'
  else false end`;

/**
 * Removes sessions, passcode requests, steps of sign-ins, links and unconfirmed apps of members, challenges, accesses, downloads and rate limits that were over a day ago, and mails that
 * were given up a day ago and are of no use: of passcodes and samples; of wrappers and notices whose message expired or was erased; to members who
 * are gone or whose link is. Alerts that are over and readers of the log that came no more are forgotten later. A wrapper of a revoked recipient, who may be restored, what became of a message, and a notice to a member go after thirty days.
 * @returns how many rows went.
 */
export async function removeExpiredRows(db: Queryable): Promise<number> {
  let removed = 0;
  const expired = Object.entries(expiring).map(([table, column]) => [table, `${column} < clock_timestamp() - interval '1 day'`] as const);
  for (const [table, isOver] of [...expired, ...Object.entries(forgotten)]) {
    const [row] = await db.query<{ count: number }>(
      `with gone as (delete from ${table} where ${isOver} returning 1) select count(*) as count from gone`,
    );
    removed += row?.count ?? 0;
  }
  const [row] = await db.query<{ count: number }>(
    `with gone as (
       delete from outbox where dead_at < clock_timestamp() - interval '1 day' and ${uselessMail}
       returning 1
     ) select count(*) as count from gone`,
  );
  return removed + (row?.count ?? 0);
}

/**
 * Which of these blobs a message has, which one had that is erased, and which none has: left by a gateway that died between blob
 * and transaction, or lost a race. A blob of an organization that this database does not know is none of them: its messages may
 * be in another one.
 */
export async function sortBlobs<B extends { organizationId: string; blobName: string }>(
  system: SystemScope,
  blobs: readonly B[],
): Promise<{ owned: B[]; erased: B[]; orphaned: B[] }> {
  const rows = await system.query<{ position: number; fate: 'owned' | 'erased' | 'orphaned' }>(
    `select blob.position::int as position,
       case when m.id is null then 'orphaned' when m.erased_at is null then 'owned' else 'erased' end as fate
     from unnest($1::uuid[], $2::text[]) with ordinality as blob(organization_id, blob_name, position)
     join organization o on o.id = blob.organization_id
     left join message m on m.organization_id = blob.organization_id and m.blob_name = blob.blob_name`,
    [blobs.map((blob) => blob.organizationId), blobs.map((blob) => blob.blobName)],
  );
  const fates = new Map(rows.map((row) => [row.position - 1, row.fate]));
  const having = (fate: string) => blobs.filter((_, index) => fates.get(index) === fate);
  return { owned: having('owned'), erased: having('erased'), orphaned: having('orphaned') };
}

/** Whether this database has any message. One that has none says nothing about blobs: it may be the wrong one, or restored empty. */
export async function knowsAnyMessage(system: SystemScope): Promise<boolean> {
  const [row] = await system.query<{ known: boolean }>('select exists (select from message) as known');
  return row?.known === true;
}

/**
 * Closes downloads whose event has left the outbox: they moved no byte for a while, or their process died. What was booked
 * of them stands in the event; a further range is a download of its own.
 * @returns how many were closed.
 */
export async function endIdleDownloads(db: Queryable): Promise<number> {
  const closed = await db.query(
    `update attachment_download set ended_at = clock_timestamp()
     where ended_at is null and not exists (select 1 from outbox where outbox.id = attachment_download.outbox_id) returning id`,
  );
  return closed.length;
}
