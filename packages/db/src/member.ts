import type { EnrolledFactors } from '@signet/domain/member-authentication';
import type { Role } from '@signet/domain/role';
import type { OrganizationTransaction, SystemScope } from './database.ts';
import { endMemberLinks } from './member-link.ts';
import type { Queryable } from './queryable.ts';

/** What a member has besides a password, as columns of a query about `member`. */
export const enrolledColumns = `
  exists (select from member_totp totp where totp.organization_id = member.organization_id and totp.member_id = member.id
    and totp.state = 'confirmed') as totp,
  (select count(*)::int from member_passkey passkey
    where passkey.organization_id = member.organization_id and passkey.member_id = member.id) as passkeys,
  (select count(*)::int from member_recovery_code code
    where code.organization_id = member.organization_id and code.member_id = member.id and code.used_at is null) as "recoveryCodes"`;

/** A member, with what signing in needs. */
export interface StoredMember extends EnrolledFactors {
  readonly organizationId: string;
  readonly organizationName: string;
  /** Whether the organization asks its members for a second factor. */
  readonly requireSecondFactor: boolean;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  /** Null while they are invited. */
  readonly passwordHash: string | null;
}

/** A member as a query about `member` and its `organization` reads it. */
export const storedMemberColumns = `
  member.organization_id as "organizationId", organization.name as "organizationName",
  organization.require_second_factor as "requireSecondFactor", member.id, member.email, member.role,
  member.password_hash as "passwordHash", ${enrolledColumns}`;

const storedMember = `select ${storedMemberColumns} from member join organization on organization.id = member.organization_id`;

/** The member with this address, null where there is none or they are disabled. @param email compared without regard to case. */
export async function findMemberByEmail(system: SystemScope, email: string): Promise<StoredMember | null> {
  const [row] = await system.query<StoredMember>(`${storedMember} where member.email = lower($1) and member.disabled_at is null`, [email]);
  return row ?? null;
}

/** One member, null where there is none or they are disabled. */
export async function findMember(db: Queryable, organizationId: string, id: string): Promise<StoredMember | null> {
  const [row] = await db.query<StoredMember>(
    `${storedMember} where member.organization_id = $1::uuid and member.id = $2::uuid and member.disabled_at is null`,
    [organizationId, id],
  );
  return row ?? null;
}

/**
 * Reads a member again and keeps them as they are until the end of the transaction: whoever changes how they sign in locks them first,
 * and so does whoever opens a session by what was read before.
 * @returns null where there is none or they are disabled.
 */
export async function holdMember(tx: OrganizationTransaction, id: string): Promise<StoredMember | null> {
  await tx.query('select from member where organization_id = $1::uuid and id = $2::uuid for no key update', [tx.organizationId, id]);
  return findMember(tx, tx.organizationId, id);
}

/** When a member last chose a password; null where somebody else made it. */
export async function findPasswordAge(db: Queryable, organizationId: string, id: string): Promise<Date | null> {
  const [row] = await db.query<{ at: Date | null }>('select password_changed_at as at from member where organization_id = $1 and id = $2', [
    organizationId,
    id,
  ]);
  return row?.at ?? null;
}

/** Gives a member the password that they chose. Links mailed before are void from now on. @param passwordHash argon2id. */
export async function setPassword(tx: OrganizationTransaction, memberId: string, passwordHash: string): Promise<void> {
  await tx.query(
    'update member set password_hash = $3, password_changed_at = clock_timestamp() where organization_id = $1::uuid and id = $2::uuid',
    [tx.organizationId, memberId, passwordHash],
  );
  await endMemberLinks(tx, memberId);
}
