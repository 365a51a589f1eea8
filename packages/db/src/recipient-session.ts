import type { AuthenticationMethod } from '@signet/domain/audit/entry';
import { passcodePolicy } from '@signet/domain/passcode';
import { newId, type OrganizationTransaction, type SystemScope } from './database.ts';

/** A signed-in recipient: good for every message of the organization to the same address whose template allows the method. */
export interface RecipientSession {
  readonly id: string;
  readonly addressKey: string;
  readonly method: AuthenticationMethod;
  readonly expiresAt: Date;
}

/** Begins a session in the transaction that proved the address. @param tokenHash SHA-256 of the random token that the browser gets. */
export async function beginRecipientSession(
  tx: OrganizationTransaction,
  session: { addressKey: string; method: AuthenticationMethod; tokenHash: Uint8Array; at: Date },
): Promise<RecipientSession> {
  const id = newId();
  const expiresAt = new Date(session.at.getTime() + passcodePolicy.sessionSeconds * 1000);
  await tx.query(
    `insert into recipient_session (organization_id, id, address_key, method, token_hash, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.organizationId, id, session.addressKey, session.method, session.tokenHash, session.at, expiresAt],
  );
  return { id, addressKey: session.addressKey, method: session.method, expiresAt };
}

/**
 * Ends the session of a token, whoever it signed in and in whichever organization: a browser holds one token, and who holds
 * it may end it. Downloads in flight on the session end with it. An unknown token is nobody's, and that is as good.
 */
export async function endRecipientSession(system: SystemScope, tokenHash: Uint8Array): Promise<void> {
  await system.query('update recipient_session set ended_at = clock_timestamp() where token_hash = $1 and ended_at is null', [tokenHash]);
}
