import { sendSenderNoticePayload } from '@signet/domain/jobs';
import type { Database, OrganizationTransaction } from './database.ts';
import { claimRow, removeRows, type OutboxRow } from './outbox.ts';
import { isWanted } from './sender-preference.ts';

/** Mail systems split a message among its recipients and hand it in several times within moments: the notice counts them all. */
const GATHERING_SECONDS = 5;

/**
 * Orders the notice to a message's sender, in the transaction that takes the message, if the organization and the sender want
 * notices now. One statement: taking a message waits for it.
 */
export async function orderSenderNotice(tx: OrganizationTransaction, messageUid: string, acceptedAt: Date): Promise<void> {
  await tx.query(
    `insert into outbox (organization_id, kind, payload, message_uid, event_time, next_attempt_at)
     select o.id, 'send-sender-notice', $2::jsonb, m.id, $4::timestamptz, $4::timestamptz + make_interval(secs => $5)
     from organization o join message m on m.organization_id = o.id and m.id = $3::uuid
     where o.id = $1 and o.notify_senders and ${isWanted('accepted')}`,
    [tx.organizationId, JSON.stringify({ messageUid }), messageUid, acceptedAt, GATHERING_SECONDS],
  );
}

/** A notice that is to be sent now. */
export interface SenderNoticeOrder {
  readonly row: OutboxRow;
  readonly messageUid: string;
  readonly sender: string;
  readonly subject: string | null;
  /** Whether the message's template shows the subject in mails, and there is something of it that a sender would know again. */
  readonly subjectShown: boolean;
  readonly recipientCount: number;
  readonly acceptedAt: Date;
  readonly organizationName: string;
  /** Of the organization's default template. */
  readonly backgroundColor: string | null;
}

/**
 * Claims an outbox row of kind `send-sender-notice` and reads what its mail is made of. A row whose message is erased, or
 * whose organization or sender wants no notices any more, is removed instead.
 * @returns null when there is nothing to send.
 */
export async function beginSenderNotice(database: Database, outboxId: string, claimSeconds: number): Promise<SenderNoticeOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { messageUid } = sendSenderNoticePayload.parse(row.payload);
    const [facts] = await tx.query<Omit<SenderNoticeOrder, 'row' | 'messageUid'>>(
      `select m.sender, m.subject, coalesce((t.content ->> 'subjectShown')::boolean, true) and m.subject_recorded in ('full', 'truncated') as "subjectShown",
         m.accepted_at as "acceptedAt", o.name as "organizationName",
         (select count(*) from recipient r where r.organization_id = m.organization_id and r.message_uid = m.id) as "recipientCount",
         (select d.content ->> 'backgroundColor' from branding_template b
          join branding_template_revision d on d.organization_id = b.organization_id and d.id = b.revision_id
          where b.organization_id = m.organization_id and b.is_default) as "backgroundColor"
       from message m
       join organization o on o.id = m.organization_id
       join branding_template_revision t on t.organization_id = m.organization_id and t.id = m.template_revision_id
       where m.organization_id = $1 and m.id = $2 and m.erased_at is null and o.notify_senders and ${isWanted('accepted')}`,
      [row.organizationId, messageUid],
    );
    if (facts) return { row, messageUid, ...facts };
    await removeRows(tx, [row.id]);
    return null;
  });
}
