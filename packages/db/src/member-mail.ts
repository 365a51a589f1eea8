import { recordTextOf } from '@signet/domain/audit/record-text';
import type { NextHopAnswer } from '@signet/domain/delivery';
import { sendMemberMailPayload, type SendMemberMailPayload } from '@signet/domain/jobs';
import type { MemberMail } from '@signet/domain/member-mail';
import type { Role } from '@signet/domain/role';
import type { Database, OrganizationTransaction } from './database.ts';
import { addToOutbox, claimRow, failRow, lockClaimed, removeRows, type OutboxRow } from './outbox.ts';

/** A mail to a member that is to be sent now, and what it is made of. */
export interface MemberMailOrder {
  readonly row: OutboxRow;
  readonly mail: MemberMail;
  readonly memberId: string;
  readonly email: string;
  readonly role: Role;
  readonly organizationName: string;
  /** One of the organization's domains: the mail comes from there. */
  readonly domain: string;
  /** When what it tells of happened. */
  readonly at: Date;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  readonly link: MemberMailLink | null;
}

interface MemberMailLink {
  readonly id: string;
  readonly expiresAt: Date;
  readonly sealedToken: Buffer;
  /** The organization's active key, under which the token was sealed. */
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
}

/** Books a mail to a member in the transaction that it tells of. */
export async function addMemberMail(
  tx: OrganizationTransaction,
  {
    clientIp,
    userAgent,
    ...mail
  }: Omit<SendMemberMailPayload, 'clientIp' | 'userAgent'> & { clientIp: string | null; userAgent: string | null },
): Promise<void> {
  const payload: SendMemberMailPayload = {
    ...mail,
    clientIp: clientIp === null ? null : recordTextOf(clientIp, 64),
    userAgent: userAgent === null ? null : recordTextOf(userAgent, 200),
  };
  await addToOutbox(tx, [{ kind: 'send-member-mail', payload }]);
}

/**
 * Claims an outbox row of kind `send-member-mail` and reads what its mail is made of. A row whose member is gone, or whose link is
 * used, replaced or over, is removed instead.
 * @returns null when there is nothing to send.
 */
export async function beginMemberMail(database: Database, outboxId: string, claimSeconds: number): Promise<MemberMailOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const payload = sendMemberMailPayload.parse(row.payload);
    const [found] = await tx.query<FoundMember>(
      `select member.email, member.role, organization.name as "organizationName", outbox.event_time as at,
         (select min(domain) from organization_domain domain where domain.organization_id = organization.id) as domain,
         link.expires_at as "expiresAt", key.id as "keyId", key.provider_key_id as "providerKeyId", key.wrapped_key as "wrappedKey"
       from outbox
       join member on member.organization_id = outbox.organization_id and member.id = $2 and member.disabled_at is null
       join organization on organization.id = outbox.organization_id
       join organization_key key on key.organization_id = organization.id and key.id = organization.active_key_id
       left join member_link link
         on link.organization_id = outbox.organization_id and link.id = $3::uuid and link.expires_at > clock_timestamp()
       where outbox.id = $1`,
      [row.id, payload.memberId, payload.link?.id ?? null],
    );
    const order = found && orderOf(row, payload, found);
    if (!order) await removeRows(tx, [row.id]);
    return order ?? null;
  });
}

interface FoundMember {
  readonly email: string;
  readonly role: Role;
  readonly organizationName: string;
  readonly at: Date;
  readonly domain: string | null;
  readonly expiresAt: Date | null;
  readonly keyId: string;
  readonly providerKeyId: string;
  readonly wrappedKey: Buffer;
}

function orderOf(row: OutboxRow, payload: SendMemberMailPayload, found: FoundMember): MemberMailOrder | null {
  const { expiresAt, keyId, providerKeyId, wrappedKey, domain, ...facts } = found;
  const { link, ...rest } = payload;
  if (domain === null || (link && expiresAt === null)) return null;
  const sealed =
    link && expiresAt
      ? {
          id: link.id,
          expiresAt,
          sealedToken: Buffer.from(link.sealedToken, 'base64'),
          organizationKey: { keyId, providerKeyId, wrappedKey },
        }
      : null;
  return { ...facts, ...rest, row, domain, link: sealed };
}

/**
 * SQL: whether a mail to a member still has a use: the member is there, and its link, where it has one, was still good at a moment.
 * @param row of the outbox, as the statement calls it.
 * @param moment an SQL expression.
 */
export function memberMailHasUse(row: string, moment: string): string {
  return `exists (select from member
      where member.organization_id = ${row}.organization_id and member.id = (${row}.payload ->> 'memberId')::uuid and member.disabled_at is null)
    and (${row}.payload -> 'link' is null or exists (select from member_link link
      where link.organization_id = ${row}.organization_id and link.id = (${row}.payload #>> '{link,id}')::uuid and link.expires_at > ${moment}))`;
}

/**
 * Records the next hop's answer: the row goes with a mail that was sent, else it is tried again and dead in the end.
 * @returns whether it is dead now.
 */
export async function finishMemberMail(database: Database, { row }: MemberMailOrder, answer: NextHopAnswer): Promise<boolean> {
  return database.forOrganization(row.organizationId).transaction(async (tx) => {
    if (!(await lockClaimed(tx, row))) return false;
    if (answer.delivery !== 'Sent') return failRow(tx, row, answer.response);
    await removeRows(tx, [row.id]);
    return false;
  });
}
