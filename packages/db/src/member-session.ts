import { memberSessionPolicy, RECENT_SECONDS, type AuthenticationFactor, type EnrolledFactors } from '@signet/domain/member-authentication';
import type { Role } from '@signet/domain/role';
import { newId, type OrganizationTransaction, type SystemScope } from './database.ts';
import type { Queryable } from './queryable.ts';
import { enrolledColumns } from './member.ts';

/** A member's session that is neither over nor ended. */
export interface LiveMemberSession extends EnrolledFactors {
  readonly organizationId: string;
  readonly organizationName: string;
  /** Whether the organization asks its members for a second factor. */
  readonly requireSecondFactor: boolean;
  readonly sessionId: string;
  readonly memberId: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: Date;
  /** Seconds until it ends unless it is used, and until it ends in any case. */
  readonly idleSecondsLeft: number;
  readonly secondsLeft: number;
  /** Until when the member's last proof of who they are counts as recent, and whether it does now. */
  readonly recentUntil: Date;
  readonly isRecent: boolean;
}

/** A session as its member, and admins, see it. */
export interface ListedMemberSession {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  readonly factors: AuthenticationFactor[];
}

interface NewMemberSession {
  readonly memberId: string;
  /** SHA-256 of the token that the browser gets. */
  readonly tokenHash: Uint8Array;
  readonly factors: readonly AuthenticationFactor[];
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

/** What a session must be to count: not ended, and neither its age nor the time since it was seen over the limits. */
const live = `session.ended_at is null and session.expires_at > statement_timestamp()
  and session.last_seen_at > statement_timestamp() - make_interval(secs => ${memberSessionPolicy.idleSeconds})`;

/**
 * Opens a session by the database's clock, books the member's sign-in, and ends the sessions seen longest ago where there
 * would be more than a member may have at once.
 * @returns its end.
 */
export async function openMemberSession(tx: OrganizationTransaction, session: NewMemberSession): Promise<Date> {
  const [row] = await tx.query<{ expires_at: Date }>(
    `insert into member_session (organization_id, id, member_id, token_hash, factors, client_ip, user_agent,
       created_at, last_seen_at, authenticated_at, expires_at)
     select $1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text[], $6, $7, now.at, now.at, now.at, now.at + make_interval(secs => $8::int)
     from (select clock_timestamp() as at) now returning expires_at`,
    [
      tx.organizationId,
      newId(),
      session.memberId,
      session.tokenHash,
      session.factors,
      session.clientIp?.slice(0, 64) ?? null,
      session.userAgent?.slice(0, 1024) ?? null,
      memberSessionPolicy.absoluteSeconds,
    ],
  );
  if (!row) throw new Error('The session was not stored');
  await tx.query('update member set last_sign_in_at = clock_timestamp() where organization_id = $1 and id = $2', [
    tx.organizationId,
    session.memberId,
  ]);
  await tx.query(
    `update member_session set ended_at = clock_timestamp()
     where organization_id = $1 and id in (
       select id from member_session where organization_id = $1 and member_id = $2 and ended_at is null
       order by last_seen_at desc, created_at desc offset $3)`,
    [tx.organizationId, session.memberId, memberSessionPolicy.atOnce],
  );
  return row.expires_at;
}

/**
 * The session with this token's SHA-256, null where there is none, it is over or ended, or its member is disabled. Books that
 * it was seen, at most once a minute, unless it is `passive`.
 */
export async function findMemberSession(
  system: SystemScope,
  tokenHash: Uint8Array,
  { passive = false } = {},
): Promise<LiveMemberSession | null> {
  const [row] = await system.query<LiveMemberSession & { stale: boolean }>(
    `select session.organization_id as "organizationId", organization.name as "organizationName",
       organization.require_second_factor as "requireSecondFactor", session.id as "sessionId", member.id as "memberId", member.email,
       member.role, session.expires_at as "expiresAt", session.last_seen_at < statement_timestamp() - interval '1 minute' as stale,
       ceil(extract(epoch from session.expires_at - statement_timestamp()))::int as "secondsLeft",
       ceil(extract(epoch from session.last_seen_at - statement_timestamp()) + ${memberSessionPolicy.idleSeconds})::int as "idleSecondsLeft",
       session.authenticated_at + make_interval(secs => ${RECENT_SECONDS}) as "recentUntil",
       session.authenticated_at + make_interval(secs => ${RECENT_SECONDS}) > statement_timestamp() as "isRecent", ${enrolledColumns}
     from member_session session
     join member on member.organization_id = session.organization_id and member.id = session.member_id
     join organization on organization.id = session.organization_id
     where session.token_hash = $1 and ${live} and member.disabled_at is null`,
    [tokenHash],
  );
  if (!row) return null;
  const { stale, ...session } = row;
  if (!stale || passive) return session;
  await system.query('update member_session set last_seen_at = statement_timestamp() where organization_id = $1 and id = $2', [
    session.organizationId,
    session.sessionId,
  ]);
  return { ...session, idleSecondsLeft: memberSessionPolicy.idleSeconds };
}

/**
 * Gives a live session another token: the one before it means nothing any more.
 * @param renewal `isAuthentication`: its member has just proved who they are as fully as a sign-in asks for.
 * @returns the session's end; null where it has ended meanwhile.
 */
export async function renewMemberSession(
  tx: OrganizationTransaction,
  sessionId: string,
  renewal: { tokenHash: Uint8Array; factors: readonly AuthenticationFactor[]; isAuthentication: boolean },
): Promise<Date | null> {
  const [row] = await tx.query<{ expires_at: Date }>(
    `update member_session session set token_hash = $3, last_seen_at = clock_timestamp(),
       authenticated_at = case when $5::boolean then clock_timestamp() else authenticated_at end,
       factors = (select array_agg(distinct factor) from unnest(session.factors || $4::text[]) as factor)
     where session.organization_id = $1 and session.id = $2 and ${live} returning session.expires_at`,
    [tx.organizationId, sessionId, renewal.tokenHash, renewal.factors, renewal.isAuthentication],
  );
  return row?.expires_at ?? null;
}

/** A member's live sessions, the one seen last first. */
export async function listMemberSessions(db: Queryable, organizationId: string, memberId: string): Promise<ListedMemberSession[]> {
  return db.query<ListedMemberSession>(
    `select id, created_at as "createdAt", last_seen_at as "lastSeenAt", expires_at as "expiresAt", client_ip as "clientIp",
       user_agent as "userAgent", factors
     from member_session session where organization_id = $1 and member_id = $2 and ${live}
     order by last_seen_at desc, created_at desc`,
    [organizationId, memberId],
  );
}

/** Ends a member's live session: from now on its token means nothing. @returns whether there was such a session. */
export async function endMemberSession(tx: OrganizationTransaction, memberId: string, sessionId: string): Promise<boolean> {
  const ended = await tx.query(
    `update member_session session set ended_at = clock_timestamp()
     where organization_id = $1 and member_id = $2 and id = $3 and ${live} returning id`,
    [tx.organizationId, memberId, sessionId],
  );
  return ended.length > 0;
}

/** Ends a member's live sessions, all or all but one. @returns how many. */
export async function endMemberSessions(tx: OrganizationTransaction, memberId: string, but: string | null = null): Promise<number> {
  const ended = await tx.query(
    `update member_session session set ended_at = clock_timestamp()
     where organization_id = $1 and member_id = $2 and id is distinct from $3::uuid and ${live} returning id`,
    [tx.organizationId, memberId, but],
  );
  return ended.length;
}
