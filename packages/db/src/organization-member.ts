import type { MemberState } from '@signet/domain/member';
import type { Role } from '@signet/domain/role';
import { newId, type OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';
import { enrolledColumns } from './member.ts';
import { endMemberLinks } from './member-link.ts';
import { endMemberSessions } from './member-session.ts';

/** A member as the organization's admins see one. */
export interface OrganizationMember {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly state: MemberState;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
  readonly invitationExpiresAt: Date | null;
  readonly totp: boolean;
  readonly passkeys: number;
}

const organizationMember = `
  select member.id, member.email, member.role, member.created_at as "createdAt", member.last_sign_in_at as "lastSignInAt",
    case when member.disabled_at is not null then 'disabled' when member.password_hash is null then 'invited' else 'active' end as state,
    case when member.password_hash is null then link.expires_at end as "invitationExpiresAt", ${enrolledColumns}
  from member left join member_link link
    on link.organization_id = member.organization_id and link.member_id = member.id and link.purpose = 'invitation'
  where member.organization_id = $1::uuid`;

/** All members of the organization, by address. */
export async function listMembers(db: Queryable, organizationId: string): Promise<OrganizationMember[]> {
  return db.query<OrganizationMember>(`${organizationMember} order by member.email`, [organizationId]);
}

/** One member of the organization, null where there is none. */
export async function findOrganizationMember(db: Queryable, organizationId: string, id: string): Promise<OrganizationMember | null> {
  const [row] = await db.query<OrganizationMember>(`${organizationMember} and member.id = $2::uuid`, [organizationId, id]);
  return row ?? null;
}

/**
 * Adds somebody who is yet to choose a password. @param email of one of the organization's domains.
 * @returns their id; null where the address is a member's already.
 */
export async function addInvitedMember(
  tx: OrganizationTransaction,
  { email, role }: { email: string; role: Role },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `insert into member (organization_id, id, email, role) values ($1::uuid, $2::uuid, lower($3), $4)
     on conflict (email) do nothing returning id`,
    [tx.organizationId, newId(), email, role],
  );
  return row?.id ?? null;
}

/** The admin with an address who is yet to choose a password; null where there is none. */
export async function findInvitedAdmin(tx: OrganizationTransaction, email: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `select id from member
     where organization_id = $1::uuid and email = lower($2) and role = 'admin' and disabled_at is null and password_hash is null`,
    [tx.organizationId, email],
  );
  return row?.id ?? null;
}

/** The organization's own domains, the one its mails come from first. */
export async function listDomains(db: Queryable, organizationId: string): Promise<string[]> {
  const rows = await db.query<{ domain: string }>(
    'select domain from organization_domain where organization_id = $1::uuid order by domain',
    [organizationId],
  );
  return rows.map(({ domain }) => domain);
}

/** What an admin can change of a member. */
interface MemberChange {
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

export type MemberChangeOutcome =
  | { readonly outcome: 'changed' | 'same'; readonly before: OrganizationMember; readonly after: OrganizationMember }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'last-admin' };

/**
 * Changes a member's role, or keeps them out, which ends their sessions. All active admins are locked first, so that of two
 * admins who take the role from each other at once one stays.
 */
export async function changeMember(tx: OrganizationTransaction, id: string, change: MemberChange): Promise<MemberChangeOutcome> {
  const before = await lockMember(tx, id);
  if (!before) return { outcome: 'not-found' };
  const role = change.role ?? before.member.role;
  const disabled = change.disabled ?? before.member.state === 'disabled';
  if (before.isLastAdmin && (role !== 'admin' || disabled)) return { outcome: 'last-admin' };
  await tx.query(
    `update member set role = $3, disabled_at = case when $4::boolean then coalesce(disabled_at, clock_timestamp()) end
     where organization_id = $1::uuid and id = $2::uuid`,
    [tx.organizationId, id, role, disabled],
  );
  if (disabled) {
    await endMemberSessions(tx, id);
    await endMemberLinks(tx, id);
  }
  const after = await findOrganizationMember(tx, tx.organizationId, id);
  if (!after) throw new Error('The member is gone though locked');
  const same = after.role === before.member.role && after.state === before.member.state;
  return { outcome: same ? 'same' : 'changed', before: before.member, after };
}

/** Removes a member with their sessions, links and factors. What they did stays on record. */
export async function removeMember(
  tx: OrganizationTransaction,
  id: string,
): Promise<{ outcome: 'removed'; before: OrganizationMember } | { outcome: 'not-found' } | { outcome: 'last-admin' }> {
  const before = await lockMember(tx, id);
  if (!before) return { outcome: 'not-found' };
  if (before.isLastAdmin) return { outcome: 'last-admin' };
  await tx.query('delete from member where organization_id = $1::uuid and id = $2::uuid', [tx.organizationId, id]);
  return { outcome: 'removed', before: before.member };
}

/** Locks the organization's active admins and the member, in the order of their ids. Null where there is no such member. */
export async function lockMember(
  tx: OrganizationTransaction,
  id: string,
): Promise<{ member: OrganizationMember; isLastAdmin: boolean } | null> {
  const locked = await tx.query<{ id: string; admin: boolean }>(
    `select id, role = 'admin' and disabled_at is null and password_hash is not null as admin from member
     where organization_id = $1::uuid and (id = $2::uuid or (role = 'admin' and disabled_at is null and password_hash is not null))
     order by id for update`,
    [tx.organizationId, id],
  );
  const member = await findOrganizationMember(tx, tx.organizationId, id);
  if (!member) return null;
  const admins = locked.filter(({ admin }) => admin).map((row) => row.id);
  return { member, isLastAdmin: admins.length === 1 && admins[0] === id };
}
