import { recordTextOf } from '@signet/domain/audit/record-text';
import { deliveryRequest, notifyWord, type DeliveryReportKind, type DeliveryRequest } from '@signet/domain/delivery-report';
import { sendDeliveryReportPayload } from '@signet/domain/jobs';
import { aboutMessage, type AboutMessage } from './about-message.ts';
import type { Database, OrganizationTransaction } from './database.ts';
import { claimRow, removeRows, type OutboxRow } from './outbox.ts';
import { isWanted } from './sender-preference.ts';
import { takeFacts } from './taken-facts.ts';

/** Characters of what the next hop said that a report keeps. */
const RESPONSE_LENGTH = 2_000;

/**
 * Whether the sender of a message `m` is to be told of a delivery to `r`: as the envelope asked, and where it said nothing as
 * the organization `o` and the sender have it of bounces. Nothing is ever told to the empty sender.
 */
const isAskedFor = (kind: string) => `m.sender <> '' and case
    when r.dsn -> 'notify' is null then ${kind} <> 'relayed' and o.notify_bounced and ${isWanted('bounced')}
    else r.dsn -> 'notify' @> to_jsonb('${JSON.stringify(notifyWord)}'::jsonb ->> ${kind}) end`;

/** Facts of one kind and one envelope stand in one report, since it names the envelope. */
const noteSql = (source: string) => `insert into sender_fact (organization_id, message_uid, recipient_id, kind, at, response, told_in)
    select r.organization_id, r.message_uid, r.id, $3::text, clock_timestamp(), $4, $3 || coalesce(' ' || (r.dsn ->> 'envid'), '')
    from ${source}
    join message m on m.organization_id = r.organization_id and m.id = r.message_uid
    join organization o on o.id = r.organization_id
    where r.organization_id = $1 and r.id = $2 and ${isAskedFor('$3')} on conflict do nothing`;

/**
 * Notes, once for each recipient and kind, what is to be reported to the sender of a delivery. It belongs into the transaction that
 * decides it.
 * @param response what the next hop said.
 */
export async function noteDelivery(
  tx: OrganizationTransaction,
  kind: DeliveryReportKind,
  recipientId: string,
  response: string,
): Promise<void> {
  await tx.query(noteSql('recipient r'), [tx.organizationId, recipientId, kind, recordTextOf(response, RESPONSE_LENGTH)]);
}

/** The same of a mail that was put off once more, if its outbox row has been waiting for so many seconds. */
export async function noteDelay(
  tx: OrganizationTransaction,
  { outboxId, recipientId, response }: { readonly outboxId: string; readonly recipientId: string; readonly response: string },
  afterSeconds: number,
): Promise<void> {
  await tx.query(noteSql(`recipient r join outbox w on w.id = $5 and w.created_at <= clock_timestamp() - make_interval(secs => $6)`), [
    tx.organizationId,
    recipientId,
    'delayed',
    recordTextOf(response, RESPONSE_LENGTH),
    outboxId,
    afterSeconds,
  ]);
}

/** What is reported of one recipient. */
export interface ReportedRecipient {
  readonly kind: DeliveryReportKind;
  readonly address: string;
  readonly request: DeliveryRequest | null;
  readonly response: string;
  readonly at: Date;
}

/** A delivery report that is to be sent now. */
export interface DeliveryReportOrder extends AboutMessage {
  readonly row: OutboxRow;
  readonly messageUid: string;
  readonly mailId: string;
  /** All of one kind and one envelope, in order of time; at least one. */
  readonly recipients: readonly [ReportedRecipient, ...ReportedRecipient[]];
}

/** Whether a fact `f` still is so, and somebody wants to be told. */
const isStillSo = `case f.kind when 'bounced' then r.delivery_state = 'bounced' when 'delayed' then r.delivery_state = 'deferred' else true end
  and ${isAskedFor('f.kind')}`;

/**
 * Claims an outbox row of kind `send-delivery-report` and reads what its mail is made of. What is no longer so (a mail that was late has
 * gone out, one that was given up is tried again) or no longer wanted is forgotten; a row of which nothing is left is removed.
 * @returns null when there is nothing to send.
 */
export async function beginDeliveryReport(database: Database, outboxId: string, claimSeconds: number): Promise<DeliveryReportOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { messageUid, mailId } = sendDeliveryReportPayload.parse(row.payload);
    const facts = await takeFacts<DeliveryReportKind>(tx, { organizationId: row.organizationId, messageUid, mailId }, isStillSo);
    const recipients = facts.map(({ dsn, ...fact }) => ({ ...fact, request: deliveryRequest.nullable().parse(dsn) }));
    const about = await aboutMessage(tx, row.organizationId, messageUid);
    const [first, ...others] = recipients;
    if (about && first) return { row, messageUid, mailId, recipients: [first, ...others], ...about };
    await removeRows(tx, [row.id]);
    return null;
  });
}
