import type { Role } from '@signet/domain/role';
import type { OrganizationTransaction, SystemScope } from './database.ts';

export type MemberLinkPurpose = 'invitation' | 'password-reset';

/** A link that is good, with whom it was mailed to. */
export interface MemberLink {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly id: string;
  readonly memberId: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: Date;
}

/** Stores a link in the place of the member's earlier one of the same kind, which is void from now on. @returns its end. */
export async function putMemberLink(
  tx: OrganizationTransaction,
  link: { id: string; memberId: string; purpose: MemberLinkPurpose; tokenHash: Uint8Array; seconds: number },
): Promise<Date> {
  const [row] = await tx.query<{ expires_at: Date }>(
    `insert into member_link (organization_id, id, member_id, purpose, token_hash, created_at, expires_at)
     values ($1::uuid, $2::uuid, $3::uuid, $4, $5::bytea, clock_timestamp(), clock_timestamp() + make_interval(secs => $6::int))
     on conflict (organization_id, member_id, purpose) do update
       set id = excluded.id, token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at
     returning expires_at`,
    [tx.organizationId, link.id, link.memberId, link.purpose, link.tokenHash, link.seconds],
  );
  if (!row) throw new Error('The link was not stored');
  return row.expires_at;
}

/** The good link with this token's SHA-256; null where it is used, replaced, over, its member disabled, or there is none. */
export async function findMemberLink(system: SystemScope, purpose: MemberLinkPurpose, tokenHash: Uint8Array): Promise<MemberLink | null> {
  const [row] = await system.query<MemberLink>(
    `select link.organization_id as "organizationId", organization.name as "organizationName", link.id, link.member_id as "memberId",
       member.email, member.role, link.expires_at as "expiresAt"
     from member_link link
     join member on member.organization_id = link.organization_id and member.id = link.member_id
     join organization on organization.id = link.organization_id
     where link.token_hash = $1 and link.purpose = $2 and link.expires_at > statement_timestamp() and member.disabled_at is null
       and (link.purpose <> 'invitation' or member.password_hash is null)`,
    [tokenHash, purpose],
  );
  return row ?? null;
}

/** Uses a link up: of any number of tries at once one wins. @returns whether it was still good. */
export async function useMemberLink(tx: OrganizationTransaction, id: string): Promise<boolean> {
  const used = await tx.query(
    'delete from member_link where organization_id = $1 and id = $2 and expires_at > clock_timestamp() returning id',
    [tx.organizationId, id],
  );
  return used.length > 0;
}

/** Ends all links of a member: none outlives a change of the password, or of whether they may sign in. */
export async function endMemberLinks(tx: OrganizationTransaction, memberId: string): Promise<void> {
  await tx.query('delete from member_link where organization_id = $1 and member_id = $2', [tx.organizationId, memberId]);
}
