import { senderPasscodePolicy } from '@signet/domain/passcode';
import { newId, type OrganizationTransaction, type SystemScope } from './database.ts';

/** A sender's session that is neither over nor ended: good for the messages of one address in one organization. */
export interface LiveSenderSession {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly sessionId: string;
  /** In lower case. */
  readonly address: string;
  readonly expiresAt: Date;
}

/** Begins a session in the transaction that uses the passcode up. @param session `tokenHash`: SHA-256 of the token that the browser gets. */
export async function beginSenderSession(
  tx: OrganizationTransaction,
  { addressKey, tokenHash, at }: { addressKey: string; tokenHash: Uint8Array; at: Date },
): Promise<{ sessionId: string; organizationName: string; expiresAt: Date }> {
  const sessionId = newId();
  const expiresAt = new Date(at.getTime() + senderPasscodePolicy.sessionSeconds * 1000);
  const [organization] = await tx.query<{ name: string }>(
    `insert into sender_session (organization_id, id, address_key, token_hash, created_at, expires_at, last_used_at)
     values ($1, $2, $3, $4, $5, $6, $5)
     returning (select name from organization where id = $1) as name`,
    [tx.organizationId, sessionId, addressKey, tokenHash, at, expiresAt],
  );
  return { sessionId, organizationName: organization?.name ?? '', expiresAt };
}

/**
 * The session with this token's SHA-256; null where there is none, it is over, ended or was not used for too long, or the
 * organization no longer sends for the address's domain. Its use is booked, once a minute at most.
 */
export async function findSenderSession(system: SystemScope, tokenHash: Uint8Array): Promise<LiveSenderSession | null> {
  const [row] = await system.query<LiveSenderSession & { isStale: boolean }>(
    `select s.organization_id as "organizationId", o.name as "organizationName", s.id as "sessionId", s.address_key as address,
       s.expires_at as "expiresAt", s.last_used_at < statement_timestamp() - interval '1 minute' as "isStale"
     from sender_session s
     join organization o on o.id = s.organization_id
     join organization_domain d on d.organization_id = s.organization_id and d.domain = substring(s.address_key from '[^@]*$')
     where s.token_hash = $1 and s.ended_at is null and s.expires_at > statement_timestamp()
       and s.last_used_at > statement_timestamp() - make_interval(secs => $2)`,
    [tokenHash, senderPasscodePolicy.idleSeconds],
  );
  if (!row) return null;
  const { isStale, ...session } = row;
  if (isStale) {
    await system.query('update sender_session set last_used_at = statement_timestamp() where organization_id = $1 and id = $2', [
      session.organizationId,
      session.sessionId,
    ]);
  }
  return session;
}

/** Ends a session: from now on its token means nothing. */
export async function endSenderSession(tx: OrganizationTransaction, sessionId: string): Promise<void> {
  await tx.query('update sender_session set ended_at = clock_timestamp() where organization_id = $1 and id = $2 and ended_at is null', [
    tx.organizationId,
    sessionId,
  ]);
}
