import type { NextHopAnswer } from '@signet/domain/delivery';
import { sendSenderPasscodeMailPayload } from '@signet/domain/jobs';
import type { Database } from './database.ts';
import { claimRow, failRow, lockClaimed, removeRows, type OutboxRow } from './outbox.ts';

/** A sender's passcode mail that is to be sent now. */
export interface SenderPasscodeOrder {
  readonly row: OutboxRow;
  readonly senderPasscodeRequestId: string;
  /** Whom the passcode is for, in lower case. */
  readonly address: string;
  readonly reference: string;
  readonly expiresAt: Date;
  /** From the database's clock, when the order was given. */
  readonly now: Date;
  readonly sealedCode: Buffer;
  readonly organizationName: string;
  /** Of the organization's default template. */
  readonly backgroundColor: string | null;
  /** The organization's active key, under which the code was sealed. */
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
}

interface OrderRow {
  address: string;
  reference: string;
  expires_at: Date;
  now: Date;
  organization_name: string;
  background_color: string | null;
  key_id: string;
  provider_key_id: string;
  wrapped_key: Buffer;
}

/**
 * Claims an outbox row of kind `send-sender-passcode-mail` and reads what its mail is made of. A row whose passcode has
 * expired or was used is removed: nobody has a use for it.
 * @returns null when there is nothing to send.
 */
export async function beginSenderPasscodeDelivery(
  database: Database,
  outboxId: string,
  claimSeconds: number,
): Promise<SenderPasscodeOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { senderPasscodeRequestId, sealedCode } = sendSenderPasscodeMailPayload.parse(row.payload);
    const [facts] = await tx.query<OrderRow>(
      `select p.address_key as address, p.reference, p.expires_at, clock_timestamp() as now, o.name as organization_name,
         k.id as key_id, k.provider_key_id, k.wrapped_key,
         (select d.content ->> 'backgroundColor' from branding_template b
          join branding_template_revision d on d.organization_id = b.organization_id and d.id = b.revision_id
          where b.organization_id = o.id and b.is_default) as background_color
       from sender_passcode_request p
       join organization o on o.id = $1
       join organization_key k on k.organization_id = o.id and k.id = o.active_key_id
       where p.id = $2 and p.used_at is null and p.expires_at > clock_timestamp()`,
      [row.organizationId, senderPasscodeRequestId],
    );
    if (!facts) {
      await removeRows(tx, [row.id]);
      return null;
    }
    const { address, reference, now } = facts;
    return {
      row,
      senderPasscodeRequestId,
      address,
      reference,
      now,
      expiresAt: facts.expires_at,
      sealedCode: Buffer.from(sealedCode, 'base64'),
      organizationName: facts.organization_name,
      backgroundColor: facts.background_color,
      organizationKey: { keyId: facts.key_id, providerKeyId: facts.provider_key_id, wrappedKey: facts.wrapped_key },
    };
  });
}

/**
 * Books the next hop's answer to a mail to a sender: the row is gone, or due again after its backoff. It is no step of a
 * message, so no trail tells of it. Does nothing when somebody else booked an answer.
 * @returns whether the row is dead now.
 */
export async function finishSenderMail(database: Database, row: OutboxRow, answer: NextHopAnswer): Promise<boolean> {
  return database.forOrganization(row.organizationId).transaction(async (tx) => {
    if (!(await lockClaimed(tx, row))) return false;
    if (answer.delivery === 'Deferred') return failRow(tx, row, answer.response);
    await removeRows(tx, [row.id]);
    return false;
  });
}
