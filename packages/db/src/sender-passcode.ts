import { passcodePolicy, secondsUntilNextPasscodeMail, senderPasscodePolicy } from '@signet/domain/passcode';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { clock, type Database, type SystemScope, type Transaction } from './database.ts';
import { findOrganizationByDomain } from './organization.ts';
import { addToOutbox } from './outbox.ts';
import { tryRequest, useRequest, type FailedTry, type PasscodeAttempt, type PasscodeRequests } from './passcode-try.ts';
import { beginSenderSession } from './sender-session.ts';

/** A passcode that somebody asks for, for a sender's address. */
export interface NewSenderPasscode {
  readonly id: string;
  /** In lower case. */
  readonly addressKey: string;
  /** Where it is asked for, as tries are counted. */
  readonly network: string;
  /** SHA-256 of the token that the asking browser holds. */
  readonly browserHash: Uint8Array;
  readonly codeHmac: Uint8Array;
  readonly reference: string;
  /** The organization that sends for the address's domain, and the code sealed for the mail; null where there is none. */
  readonly mail: { readonly organizationId: string; readonly sealedCode: string } | null;
}

export type SenderPasscodeOutcome =
  | { readonly outcome: 'sent'; readonly expiresAt: Date; readonly retryAfterSeconds: number }
  | { readonly outcome: 'wait'; readonly retryAfterSeconds: number };

/** The part of an address behind its last `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/**
 * Books a passcode and, where an organization sends for the address, its mail. For any other address all is the same but
 * the mail, so that an answer tells nobody whose domain it is; requests at once for one address are counted one by one.
 */
export async function requestSenderPasscode(database: Database, passcode: NewSenderPasscode): Promise<SenderPasscodeOutcome> {
  const { mail } = passcode;
  if (mail === null) return database.system.transaction((tx) => book(tx, passcode));
  return database.forOrganization(mail.organizationId).transaction(async (tx) => {
    const booked = await book(tx, passcode);
    if (booked.outcome === 'sent') {
      const payload = { senderPasscodeRequestId: passcode.id, sealedCode: mail.sealedCode };
      await addToOutbox(tx, [{ kind: 'send-sender-passcode-mail', payload }]);
    }
    return booked;
  });
}

async function book(tx: Transaction, passcode: NewSenderPasscode): Promise<SenderPasscodeOutcome> {
  const { id, addressKey, network, browserHash, codeHmac, reference } = passcode;
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`sender passcode ${addressKey}`]);
  const at = await clock(tx);
  const earlier = await tx.query<{ created_at: Date; network: string }>(
    `select created_at, network from sender_passcode_request where address_key = $1 and created_at > $2::timestamptz - interval '1 day'`,
    [addressKey, at],
  );
  const sentHere = earlier.filter((row) => row.network === network).map((row) => row.created_at);
  const sentEverywhere = earlier.map((row) => row.created_at);
  const wait = Math.max(
    secondsUntilNextPasscodeMail(sentHere, at),
    secondsUntilNextPasscodeMail(sentEverywhere, at, senderPasscodePolicy.mailLimitsFromEverywhere),
  );
  if (wait > 0) return { outcome: 'wait', retryAfterSeconds: wait };
  const expiresAt = new Date(at.getTime() + passcodePolicy.lifetimeSeconds * 1000);
  await tx.query(
    `insert into sender_passcode_request (id, address_key, network, browser_hash, code_hmac, reference, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, addressKey, network, browserHash, codeHmac, reference, at, expiresAt],
  );
  return { outcome: 'sent', expiresAt, retryAfterSeconds: secondsUntilNextPasscodeMail([...sentHere, at], at) };
}

export type SenderTryOutcome =
  | {
      readonly outcome: 'signed-in';
      readonly organizationId: string;
      readonly organizationName: string;
      readonly sessionId: string;
      readonly expiresAt: Date;
    }
  | FailedTry;

/**
 * Tries a passcode against the request of the same browser: counted before it is looked at; of any number of right tries
 * at once exactly one begins a session. The organization is the one that sends for the domain now; its admin log tells of
 * the sign-in, and of a wrong passcode.
 * @param attempt its `sessionTokenHash`: SHA-256 of the token of the session that a right code begins.
 */
export async function trySenderPasscode(
  database: Database,
  addressKey: string,
  attempt: PasscodeAttempt & { readonly sessionTokenHash: Uint8Array },
  visitor: Pick<AdminAct, 'clientIp' | 'userAgent'>,
): Promise<SenderTryOutcome> {
  const tried = await tryRequest(requestsOf(database.system, addressKey), attempt);
  if (tried.outcome !== 'right' && tried.outcome !== 'wrong') return tried;
  const organizationId = await findOrganizationByDomain(database.system, domainOf(addressKey));
  const act = { action: 'SenderSignIn', target: { kind: 'sender', id: addressKey }, ...visitor } as const;
  if (organizationId === null) return tried.outcome === 'wrong' ? tried : { outcome: 'void', reason: 'Expired' };
  return database.forOrganization(organizationId).transaction(async (tx): Promise<SenderTryOutcome> => {
    if (tried.outcome === 'wrong') {
      const actor = { kind: 'unknown', id: null, address: null } as const;
      await appendAdminRecord(tx, { ...act, actor, status: 'Failure', reason: 'passcode_wrong' });
      return tried;
    }
    if (!(await useRequest(requestsOf(tx, addressKey), tried.requestId))) return { outcome: 'void', reason: 'Used' };
    const at = await clock(tx);
    const session = await beginSenderSession(tx, { addressKey, tokenHash: attempt.sessionTokenHash, at });
    await appendAdminRecord(tx, { ...act, actor: { kind: 'sender', id: null, address: addressKey }, at });
    return { outcome: 'signed-in', organizationId, ...session };
  });
}

function requestsOf(db: SystemScope | Transaction, addressKey: string): PasscodeRequests {
  return { db, table: 'sender_passcode_request', owner: 'address_key = $1', values: [addressKey] };
}
