import type { SenderFactKind } from '@signet/domain/sender-notice';
import type { OrganizationTransaction, Transaction } from './database.ts';
import { isWanted } from './sender-preference.ts';

/** What becomes of the reading. What becomes of the delivery is told in a report: see `noteDelivery`. */
type ReadingFactKind = Exclude<SenderFactKind, 'bounced'>;

/** Each kind's setting as a condition on the organization `o`. */
const isOn = {
  firstOpening: 'o.notify_first_opening',
  unread: 'o.notify_unread_after_days is not null',
  expiredUnread: 'o.notify_expired_unread',
  refusedAfterRevocation: 'o.notify_refused_after_revocation',
} as const satisfies Record<ReadingFactKind, string>;

/** Nobody can have opened it without that being on record; `isWholeRecord` of the message's page, in the words of SQL. */
const isWholeRecord = `not m.uses_default_template and exists (
  select from tracking_period t where t.organization_id = m.organization_id and t.started_at <= m.accepted_at and t.ended_at is null)`;

/** Of recipients `r` of a message `m`: who could have opened it, and has not as far as the record goes. */
const isUnopened = `r.opened_at is null and r.revoked_at is null and not r.unwrapped and r.delivery_state <> 'bounced' and ${isWholeRecord}`;

/**
 * The statement that notes facts of one kind, each once, where the organization and the sender want them told. It belongs into the
 * transaction that decides them.
 * @param source a relation of `organization_id` and `at`, and of `recipient_id` where `recipients` does not say another way to the
 *   recipients `r`.
 * @param condition on the recipients and their messages `m`.
 */
export function noteFactsSql(
  kind: ReadingFactKind,
  source: string,
  { recipients = 'r.id = source.recipient_id', condition = 'true' }: { recipients?: string; condition?: string } = {},
): string {
  return `insert into sender_fact (organization_id, message_uid, recipient_id, kind, at)
    select r.organization_id, r.message_uid, r.id, '${kind}', source.at
    from ${source} source
    join recipient r on r.organization_id = source.organization_id and ${recipients}
    join message m on m.organization_id = r.organization_id and m.id = r.message_uid
    join organization o on o.id = r.organization_id
    where m.tells_sender and ${isOn[kind]} and ${isWanted(kind)} and ${condition}
    order by r.id on conflict do nothing`;
}

/** Notes of messages that have expired who of their recipients had not opened them. */
export async function noteExpiredUnread(tx: OrganizationTransaction, messageUids: readonly string[]): Promise<void> {
  if (messageUids.length === 0) return;
  await tx.query(
    noteFactsSql(
      'expiredUnread',
      '(select organization_id, id, expires_at as at from message where organization_id = $1 and id = any($2::uuid[]))',
      { recipients: 'r.message_uid = source.id', condition: isUnopened },
    ),
    [tx.organizationId, messageUids],
  );
}

/** A refused try to open of a recipient whom the message was taken back from. */
export interface RefusedTry {
  readonly organizationId: string;
  readonly recipientId: string;
  readonly at: string;
}

/** Notes tries to open after a revocation, of any organizations. */
export async function noteRefusedTries(tx: Transaction, tries: readonly RefusedTry[]): Promise<void> {
  if (tries.length === 0) return;
  await tx.query(
    noteFactsSql(
      'refusedAfterRevocation',
      `(select organization_id, recipient_id, min(at) as at
        from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as t(organization_id, recipient_id, at) group by 1, 2)`,
    ),
    [tries.map((each) => each.organizationId), tries.map((each) => each.recipientId), tries.map((each) => each.at)],
  );
}

const noteUnreadSql = noteFactsSql('unread', '(select $1::uuid as organization_id, statement_timestamp() as at)', {
  recipients: 'r.created_at > $2::timestamptz and r.created_at <= $3::timestamptz',
  condition: `${isUnopened} and m.erased_at is null and (m.expires_at is null or m.expires_at > clock_timestamp())`,
});

/**
 * Notes who has not opened a message so many days after it was theirs to open, as the organization has set. Each organization goes
 * through its recipients in the order in which they came, each once, a day's at most at a time: how far it has come stands beside
 * the setting.
 * @returns how many organizations went on.
 */
export async function noteUnread(tx: Transaction): Promise<number> {
  const spans = await tx.query<{ id: string; after: Date; until: Date }>(
    `update organization o set unread_noted_through = span.until
     from (
       select id, unread_noted_through as after,
         least(unread_noted_through + interval '24 hours', statement_timestamp() - make_interval(hours => 24 * notify_unread_after_days)) as until
       from organization where notify_unread_after_days is not null order by id for no key update skip locked
     ) span
     where o.id = span.id and span.after < span.until
     returning o.id, span.after, o.unread_noted_through as until`,
  );
  // One at a time: only of a span that it knows the planner can tell how few of an organization's recipients lie in it.
  for (const { id, after, until } of spans) await tx.query(noteUnreadSql, [id, after, until]);
  return spans.length;
}
