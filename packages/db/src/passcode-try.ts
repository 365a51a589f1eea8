import { timingSafeEqual } from 'node:crypto';
import { passcodePolicy } from '@signet/domain/passcode';
import type { Queryable } from './queryable.ts';

/** Requests for passcodes of one owner: a recipient, or a sender's address. */
export interface PasscodeRequests {
  readonly db: Queryable;
  readonly table: 'passcode_request' | 'sender_passcode_request';
  /** Condition that names the owner by the placeholders of `values`, `$1` and on. */
  readonly owner: string;
  readonly values: readonly unknown[];
}

export interface PendingPasscode {
  readonly reference: string;
  readonly expiresAt: Date;
  readonly triesLeft: number;
}

/** What somebody typed, and in which browser. */
export interface PasscodeAttempt {
  /** SHA-256 of the token that tells the browser from others. */
  readonly browserHash: Uint8Array;
  /** The HMAC of the code that was typed, for a request's id. */
  readonly hmacOf: (requestId: string) => Uint8Array;
}

export type FailedTry =
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  | { readonly outcome: 'void'; readonly reason: 'Expired' | 'Used' | 'TooManyTries' | 'NotRequested' }
  | { readonly outcome: 'other-browser' };

/** The passcode that a browser asked for last and can still use, or null. */
export async function findPendingRequest(
  { db, table, owner, values }: PasscodeRequests,
  browserHash: Uint8Array,
): Promise<PendingPasscode | null> {
  const [row] = await db.query<{ reference: string; expires_at: Date; tries: number; live: boolean }>(
    `select reference, expires_at, tries, used_at is null and expires_at > clock_timestamp() as live from ${table}
     where ${owner} and browser_hash = $${values.length + 1} order by created_at desc limit 1`,
    [...values, browserHash],
  );
  if (!row?.live || row.tries >= passcodePolicy.tries) return null;
  return { reference: row.reference, expiresAt: row.expires_at, triesLeft: passcodePolicy.tries - row.tries };
}

/**
 * Tries a passcode against the request of the same browser. The try is counted, and that committed, before the code is
 * looked at. `right` is no sign-in yet: of several who are right at once, `useRequest` lets one through.
 */
export async function tryRequest(
  requests: PasscodeRequests,
  { browserHash, hmacOf }: PasscodeAttempt,
): Promise<FailedTry | { readonly outcome: 'right'; readonly requestId: string }> {
  const { db, table, owner, values } = requests;
  const request = await findRequestToTry(requests, browserHash);
  if (!request) return { outcome: 'void', reason: 'NotRequested' };
  if (!request.own) return { outcome: 'other-browser' };
  const [counted] = await db.query<{ tries: number; code_hmac: Buffer }>(
    `update ${table} set tries = tries + 1
     where ${owner} and id = $${values.length + 1} and used_at is null and expires_at > clock_timestamp() and tries < $${values.length + 2}
     returning tries, code_hmac`,
    [...values, request.id, passcodePolicy.tries],
  );
  if (!counted) return { outcome: 'void', reason: await voidReasonOf(requests, request.id) };
  if (!timingSafeEqual(counted.code_hmac, hmacOf(request.id))) return { outcome: 'wrong', triesLeft: passcodePolicy.tries - counted.tries };
  return { outcome: 'right', requestId: request.id };
}

/** Uses a request up, in the transaction that begins the session. @returns false where somebody else was first. */
export async function useRequest({ db, table, owner, values }: PasscodeRequests, requestId: string): Promise<boolean> {
  const used = await db.query(
    `update ${table} set used_at = clock_timestamp() where ${owner} and id = $${values.length + 1} and used_at is null returning id`,
    [...values, requestId],
  );
  return used.length > 0;
}

/**
 * The request that a try is for: the browser's own latest one while it lives, else any other browser's that lives (to say
 * that the passcode belongs there), else the browser's own one that no longer works.
 */
async function findRequestToTry({ db, table, owner, values }: PasscodeRequests, browserHash: Uint8Array) {
  const browser = `$${values.length + 1}`;
  const [request] = await db.query<{ id: string; own: boolean }>(
    `select id, browser_hash = ${browser} as own from ${table}
     where ${owner} and (browser_hash = ${browser} or (used_at is null and expires_at > clock_timestamp()))
     order by used_at is null and expires_at > clock_timestamp() desc, own desc, created_at desc limit 1`,
    [...values, browserHash],
  );
  return request;
}

async function voidReasonOf(
  { db, table, owner, values }: PasscodeRequests,
  requestId: string,
): Promise<'Used' | 'Expired' | 'TooManyTries'> {
  const [request] = await db.query<{ used_at: Date | null; tries: number }>(
    `select used_at, tries from ${table} where ${owner} and id = $${values.length + 1}`,
    [...values, requestId],
  );
  if (request?.used_at) return 'Used';
  return request && request.tries >= passcodePolicy.tries ? 'TooManyTries' : 'Expired';
}
