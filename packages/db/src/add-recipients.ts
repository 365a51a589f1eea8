import { domainToASCII } from 'node:url';
import type { EnvelopeRecipient } from '@signet/domain/delivery-report';
import type { MailDecision } from '@signet/domain/mail-decision';
import { newId, type OrganizationTransaction } from './database.ts';
import { newLinkToken } from './link-token.ts';
import { addToOutbox } from './outbox.ts';

/**
 * Adds recipients that the message does not have yet, each with a wrapper mail or, where the rules let the message pass to them as it
 * came, with that. @returns the addresses that were new.
 */
export async function addRecipients(
  tx: OrganizationTransaction,
  { id: messageUid, passing }: { readonly id: string; readonly passing: MailDecision['passing'] },
  recipients: readonly EnvelopeRecipient[],
  at: Date,
): Promise<string[]> {
  const byKey = new Map(recipients.map((recipient) => [recipient.address.toLowerCase(), recipient]));
  const rows = [...byKey].map(([key, { address, dsn = null }]) => ({
    id: newId(),
    address,
    key,
    dsn,
    token: newLinkToken(),
    domain: domainToASCII(key.slice(key.lastIndexOf('@') + 1)),
  }));
  const inserted = await tx.query<{ id: string; address: string; unwrapped: boolean }>(
    `insert into recipient (organization_id, id, message_uid, address, address_key, link_token, created_at, dsn, unwrapped)
     select $1::uuid, id, $2::uuid, address, key, token, $3::timestamptz, dsn,
       $5::text = 'everybody' or ($5 = 'inside' and exists (select from organization_domain d
         where d.organization_id = $1 and d.domain = r.domain))
     from jsonb_to_recordset($4::jsonb) as r(id uuid, address text, key text, token text, domain text, dsn jsonb)
     on conflict (organization_id, message_uid, address_key) do nothing returning id, address, unwrapped`,
    [tx.organizationId, messageUid, at, JSON.stringify(rows), passing?.to ?? 'nobody'],
  );
  await addToOutbox(
    tx,
    inserted.map(({ id, unwrapped }) => ({
      kind: unwrapped ? 'pass-message' : 'send-wrapper-mail',
      payload: { recipientId: id },
      messageUid,
    })),
  );
  return inserted.map(({ address }) => address);
}

/**
 * To whom a copy's recipients get the message as it came: to whom both the decision at its first acceptance, which says what is stored
 * of it, and the one about the copy let it pass. Nobody gets past a rule on recipients by splitting a message.
 */
export function narrower(first: MailDecision['passing'], copy: MailDecision['passing']): MailDecision['passing'] {
  if (first === null || copy === null) return null;
  return first.to === 'inside' ? first : copy;
}
