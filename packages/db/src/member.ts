import type { Role } from '@signet/domain/role';
import { newId, type OrganizationTransaction, type SystemScope } from './database.ts';

/** A member, with what signing in needs. */
export interface StoredMember {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly passwordHash: string;
}

/** A member's session that is neither over nor ended. */
export interface LiveMemberSession {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly sessionId: string;
  readonly memberId: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: Date;
}

/** The member with this address, null where there is none or they are disabled. @param email compared without regard to case. */
export async function findMemberByEmail(system: SystemScope, email: string): Promise<StoredMember | null> {
  const [row] = await system.query<StoredMember>(
    `select member.organization_id as "organizationId", organization.name as "organizationName", member.id, member.email,
       member.role, member.password_hash as "passwordHash"
     from member join organization on organization.id = member.organization_id
     where member.email = lower($1) and member.disabled_at is null`,
    [email],
  );
  return row ?? null;
}

/** Opens a session of so many seconds, by the database's clock. @returns its end. */
export async function openMemberSession(
  tx: OrganizationTransaction,
  session: { memberId: string; tokenHash: Uint8Array; seconds: number },
): Promise<Date> {
  const [row] = await tx.query<{ expires_at: Date }>(
    `insert into member_session (organization_id, id, member_id, token_hash, created_at, expires_at)
     values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp() + make_interval(secs => $5)) returning expires_at`,
    [tx.organizationId, newId(), session.memberId, session.tokenHash, session.seconds],
  );
  if (!row) throw new Error('The session was not stored');
  return row.expires_at;
}

/** The session with this token's SHA-256, null where there is none, it is over or ended, or its member is disabled. */
export async function findMemberSession(system: SystemScope, tokenHash: Uint8Array): Promise<LiveMemberSession | null> {
  const [row] = await system.query<LiveMemberSession>(
    `select session.organization_id as "organizationId", organization.name as "organizationName", session.id as "sessionId",
       member.id as "memberId", member.email, member.role, session.expires_at as "expiresAt"
     from member_session session
     join member on member.organization_id = session.organization_id and member.id = session.member_id
     join organization on organization.id = session.organization_id
     where session.token_hash = $1 and session.ended_at is null and session.expires_at > statement_timestamp()
       and member.disabled_at is null`,
    [tokenHash],
  );
  return row ?? null;
}

/** Ends a session: from now on its token means nothing. */
export async function endMemberSession(tx: OrganizationTransaction, sessionId: string): Promise<void> {
  await tx.query('update member_session set ended_at = clock_timestamp() where organization_id = $1 and id = $2 and ended_at is null', [
    tx.organizationId,
    sessionId,
  ]);
}
