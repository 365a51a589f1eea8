import type { EnrolledFactors } from '@signet/domain/member-authentication';
import type { Role } from '@signet/domain/role';
import type { SystemScope } from './database.ts';

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

const storedMember = `
  select member.organization_id as "organizationId", organization.name as "organizationName",
    organization.require_second_factor as "requireSecondFactor", member.id, member.email, member.role,
    member.password_hash as "passwordHash", ${enrolledColumns}
  from member join organization on organization.id = member.organization_id`;

/** The member with this address, null where there is none or they are disabled. @param email compared without regard to case. */
export async function findMemberByEmail(system: SystemScope, email: string): Promise<StoredMember | null> {
  const [row] = await system.query<StoredMember>(`${storedMember} where member.email = lower($1) and member.disabled_at is null`, [email]);
  return row ?? null;
}
