import { sendSenderFactsPayload } from '@signet/domain/jobs';
import type { SenderFactKind } from '@signet/domain/sender-notice';
import { aboutMessage, type AboutMessage } from './about-message.ts';
import type { Database, Transaction } from './database.ts';
import { claimRow, removeRows, type OutboxRow } from './outbox.ts';
import { isWanted } from './sender-preference.ts';
import { takeFacts } from './taken-facts.ts';

/** How long the first fact of a message waits for others of the same message. */
const GATHERING_SECONDS = 60;

/** One mail about a message in so long, however many recipients it has. */
const PAUSE_SECONDS = 900;

/** Mails ordered at a time. */
const BATCH = 5_000;

/**
 * Orders mails of what there is to tell: one for each message, with all that is known by then, and delivery reports beside it. Facts
 * and order commit together, so nothing is lost and nothing told twice, whenever a process ends.
 * @returns how many mails were ordered.
 */
export async function gatherSenderFacts(tx: Transaction): Promise<number> {
  const ordered = await tx.query(
    `with mail as materialized (
       select w.organization_id, w.message_uid, w.told_in, gen_random_uuid() as id from sender_fact w where w.mail_id is null
       group by w.organization_id, w.message_uid, w.told_in
       having min(w.noted_at) <= clock_timestamp() - make_interval(secs => $1) and not exists (
         select from sender_fact told where told.organization_id = w.organization_id and told.message_uid = w.message_uid
           and told.told_in = w.told_in and told.gathered_at > clock_timestamp() - make_interval(secs => $2))
       order by min(w.noted_at) limit $3
     ), gathered as (
       update sender_fact f set mail_id = mail.id, gathered_at = clock_timestamp() from mail
       where f.organization_id = mail.organization_id and f.message_uid = mail.message_uid and f.told_in = mail.told_in and f.mail_id is null
       returning f.mail_id
     )
     insert into outbox (organization_id, kind, payload, message_uid, event_time)
     select organization_id, case when told_in = '' then 'send-sender-facts' else 'send-delivery-report' end,
       jsonb_build_object('messageUid', message_uid, 'mailId', id), message_uid, clock_timestamp()
     from mail where id in (select mail_id from gathered)
     returning id`,
    [GATHERING_SECONDS, PAUSE_SECONDS, BATCH],
  );
  return ordered.length;
}

/** Something that became of a message for one recipient. */
export interface SenderFact {
  readonly kind: SenderFactKind;
  readonly address: string;
  readonly at: Date;
}

/** A mail of what became of a message that is to be sent now. */
export interface SenderFactsOrder extends AboutMessage {
  readonly row: OutboxRow;
  readonly messageUid: string;
  readonly mailId: string;
  /** In order of time; at least one. */
  readonly facts: readonly SenderFact[];
}

/** An opening that is committed, and not yet an entry: what is known of a recipient runs behind by moments. */
const isOpenedByNow = `r.opened_at is not null or exists (
  select from outbox e where e.organization_id = f.organization_id and e.message_uid = f.message_uid and e.kind = 'ingest-audit-event'
    and e.payload ->> 'source' = 'signet' and e.payload ->> 'operation' = 'MessageAccess' and e.payload ->> 'operationStatus' = 'Success'
    and e.payload -> 'actor' ->> 'id' = r.id::text)`;

/** Whether a fact `f` still is so, and somebody wants to be told. */
const isStillSo = `case f.kind
    when 'firstOpening' then o.notify_first_opening
    when 'unread' then o.notify_unread_after_days is not null and r.revoked_at is null and not (${isOpenedByNow})
    when 'bounced' then o.notify_bounced
    when 'expiredUnread' then o.notify_expired_unread and m.expires_at <= clock_timestamp() and not (${isOpenedByNow})
    when 'refusedAfterRevocation' then o.notify_refused_after_revocation
    else false end
  and ${isWanted({ column: 'f.kind' })}`;

/**
 * Claims an outbox row of kind `send-sender-facts` and reads what its mail is made of. Facts that are no longer so, or that nobody
 * wants to be told any more, are forgotten; a row of which nothing is left is removed. So is one whose sender's domain has left the
 * organization: nobody would show them the message.
 * @returns null when there is nothing to send.
 */
export async function beginSenderFacts(database: Database, outboxId: string, claimSeconds: number): Promise<SenderFactsOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { messageUid, mailId } = sendSenderFactsPayload.parse(row.payload);
    const facts = await takeFacts<SenderFactKind>(tx, { organizationId: row.organizationId, messageUid, mailId }, isStillSo);
    const about = await aboutMessage(tx, row.organizationId, messageUid);
    if (about && facts.length > 0) return { row, messageUid, mailId, facts, ...about };
    await removeRows(tx, [row.id]);
    return null;
  });
}
