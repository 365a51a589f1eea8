import type { Member, OpenedSession } from '@signet/api-contract/sessions';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import type { Database, OrganizationTransaction } from '@signet/db/database';
import type { StoredMember } from '@signet/db/member';
import { openMemberSession } from '@signet/db/member-session';
import { lacksSecondFactor, type AuthenticationFactor } from '@signet/domain/member-authentication';
import type { Visitor } from '../authentication/caller.ts';
import { hashOfSecret, newToken } from '../authentication/secret.ts';

/** Opens a session for a member who has proved who they are, in the transaction that used up what they proved it by. */
export async function openSession(
  tx: OrganizationTransaction,
  member: StoredMember,
  visitor: Visitor,
  factors: readonly AuthenticationFactor[],
): Promise<OpenedSession> {
  const token = newToken();
  const expiresAt = await openMemberSession(tx, { memberId: member.id, tokenHash: hashOfSecret(token), factors, ...visitor });
  return { token, expiresAt: expiresAt.toISOString(), member: memberView(member), secondFactorRequired: lacksSecondFactor(member) };
}

/** Records that a member signed in, and by what. */
export async function recordSignIn(
  tx: OrganizationTransaction,
  member: StoredMember,
  visitor: Visitor,
  factors: readonly AuthenticationFactor[],
): Promise<void> {
  const actor = { kind: 'member', id: member.id, address: member.email } as const;
  await appendAdminRecord(tx, { ...signInOf(member, visitor), actor, after: { factors: [...factors] } });
}

/** Records that somebody tried to sign in as a member: who failed to is nobody in particular. */
export async function recordFailedSignIn(database: Database, member: StoredMember, visitor: Visitor, reason: string): Promise<void> {
  const scope = database.forOrganization(member.organizationId);
  const actor = { kind: 'unknown', id: null, address: null } as const;
  await scope.transaction((tx) => appendAdminRecord(tx, { ...signInOf(member, visitor), actor, status: 'Failure', reason }));
}

function signInOf(member: StoredMember, visitor: Visitor): Pick<AdminAct, 'action' | 'target' | 'clientIp' | 'userAgent'> {
  return { action: 'MemberSignIn', target: { kind: 'member', id: member.id }, ...visitor };
}

/** A member as the portal shows them. */
export function memberView({ id, email, role, organizationId, organizationName }: Member): Member {
  return { id, email, role, organizationId, organizationName };
}
