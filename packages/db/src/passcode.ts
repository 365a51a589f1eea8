import { timingSafeEqual } from 'node:crypto';
import { refusalOf, type RefusalReason } from '@signet/domain/message-state';
import { passcodePolicy, secondsUntilNextPasscodeMail } from '@signet/domain/passcode';
import { clock, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import type { Link } from './link.ts';
import { addToOutbox } from './outbox.ts';
import { beginRecipientSession, type RecipientSession } from './recipient-session.ts';
import { checkRecipient } from './recipient-state.ts';
import { recordSteps } from './tracking.ts';

/** The visitor behind a step, as far as the request tells. */
export interface Visitor {
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

const nobody = { kind: 'unknown', id: null, address: null } as const;

/** A passcode as it is asked for: its secrets are made by the caller, so that the code itself never comes here in clear. */
export interface NewPasscode {
  readonly id: string;
  /** SHA-256 of the token that the asking browser holds. */
  readonly browserHash: Uint8Array;
  readonly codeHmac: Uint8Array;
  readonly sealedCode: string;
  readonly reference: string;
}

export type PasscodeRequestOutcome =
  | { readonly outcome: 'sent'; readonly expiresAt: Date; readonly retryAfterSeconds: number }
  | { readonly outcome: 'wait'; readonly retryAfterSeconds: number }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason };

/**
 * Books a passcode and its mail, unless too many went to this recipient lately. Other requests of the recipient, from
 * this browser or another, stay as they are. The recipient's row is locked, so that requests at once are counted one by one.
 */
export function requestPasscode(
  scope: OrganizationScope,
  link: Link,
  passcode: NewPasscode,
  visitor: Visitor,
): Promise<PasscodeRequestOutcome> {
  return scope.transaction(async (tx) => {
    const { at, refusal } = await checkRecipient(tx, link.recipientId, 'update');
    if (refusal) return { outcome: 'refused', reason: refusal };
    const earlier = await tx.query<{ created_at: Date }>(
      `select created_at from passcode_request where organization_id = $1 and recipient_id = $2 and created_at > $3::timestamptz - interval '1 day'`,
      [tx.organizationId, link.recipientId, at],
    );
    const sentAt = earlier.map((row) => row.created_at);
    const wait = secondsUntilNextPasscodeMail(sentAt, at);
    if (wait > 0) return { outcome: 'wait', retryAfterSeconds: wait };
    const expiresAt = new Date(at.getTime() + passcodePolicy.lifetimeSeconds * 1000);
    await insertPasscode(tx, link, passcode, at, expiresAt, visitor);
    return { outcome: 'sent', expiresAt, retryAfterSeconds: secondsUntilNextPasscodeMail([...sentAt, at], at) };
  });
}

async function insertPasscode(
  tx: OrganizationTransaction,
  link: Link,
  passcode: NewPasscode,
  at: Date,
  expiresAt: Date,
  visitor: Visitor,
): Promise<void> {
  await tx.query(
    `insert into passcode_request (organization_id, id, recipient_id, browser_hash, code_hmac, reference, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tx.organizationId, passcode.id, link.recipientId, passcode.browserHash, passcode.codeHmac, passcode.reference, at, expiresAt],
  );
  const [counted] = await tx.query<{ passcodes_sent: number }>(
    'update recipient set passcodes_sent = passcodes_sent + 1 where organization_id = $1 and id = $2 returning passcodes_sent',
    [tx.organizationId, link.recipientId],
  );
  await addToOutbox(tx, [
    {
      kind: 'send-passcode-mail',
      payload: { passcodeRequestId: passcode.id, sealedCode: passcode.sealedCode },
      messageUid: link.message.messageUid,
    },
  ]);
  await recordSteps(tx, link.message, [
    {
      operation: 'PasscodeSend',
      creationTime: at,
      operationStatus: 'Success',
      recipients: [link.address],
      authenticationMethod: 'OTP',
      actor: nobody,
      properties: { PasscodesSent: counted?.passcodes_sent ?? 0, Reference: passcode.reference },
      ...visitor,
    },
  ]);
}

/** The passcode that a browser asked for last and can still use, or null. */
export async function findPendingPasscode(
  scope: OrganizationScope,
  recipientId: string,
  browserHash: Uint8Array,
): Promise<{ reference: string; expiresAt: Date; triesLeft: number } | null> {
  const [row] = await scope.query<{ reference: string; expires_at: Date; tries: number; live: boolean }>(
    `select reference, expires_at, tries, used_at is null and expires_at > clock_timestamp() as live from passcode_request
     where organization_id = $1 and recipient_id = $2 and browser_hash = $3 order by created_at desc limit 1`,
    [scope.organizationId, recipientId, browserHash],
  );
  if (!row?.live || row.tries >= passcodePolicy.tries) return null;
  return { reference: row.reference, expiresAt: row.expires_at, triesLeft: passcodePolicy.tries - row.tries };
}

export type PasscodeTryOutcome =
  | { readonly outcome: 'signed-in'; readonly session: RecipientSession }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  | { readonly outcome: 'void'; readonly reason: 'Expired' | 'Used' | 'TooManyTries' | 'NotRequested' }
  | { readonly outcome: 'other-browser' }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason };

/**
 * Tries a passcode against the request of the same browser. The try is counted, and that committed, before the code is
 * looked at; of any number of tries at once exactly one can win. Every try leaves an `AuthenticateRequest`.
 * @param hmacOf the HMAC of the code that was typed, for a request's id.
 * @param sessionTokenHash SHA-256 of the token of the session that a right code begins.
 */
export async function tryPasscode(
  scope: OrganizationScope,
  link: Link,
  attempt: { browserHash: Uint8Array; hmacOf: (requestId: string) => Uint8Array; sessionTokenHash: Uint8Array },
  visitor: Visitor,
): Promise<PasscodeTryOutcome> {
  const refusal = refusalOf(link, link.lookedAt);
  if (refusal) return failTry(scope, link, visitor, { outcome: 'refused', reason: refusal });
  const request = await findRequestToTry(scope, link.recipientId, attempt.browserHash);
  if (!request) return failTry(scope, link, visitor, { outcome: 'void', reason: 'NotRequested' });
  if (!request.own) return failTry(scope, link, visitor, { outcome: 'other-browser' });
  const [counted] = await scope.query<{ tries: number; code_hmac: Buffer }>(
    `update passcode_request set tries = tries + 1
     where organization_id = $1 and id = $2 and used_at is null and expires_at > clock_timestamp() and tries < $3
     returning tries, code_hmac`,
    [scope.organizationId, request.id, passcodePolicy.tries],
  );
  if (!counted) return failTry(scope, link, visitor, { outcome: 'void', reason: await voidReasonOf(scope, request.id) });
  if (!timingSafeEqual(counted.code_hmac, attempt.hmacOf(request.id))) {
    return failTry(scope, link, visitor, { outcome: 'wrong', triesLeft: passcodePolicy.tries - counted.tries });
  }
  return signIn(scope, link, request.id, attempt.sessionTokenHash, visitor);
}

/**
 * The request that a try is for: the browser's own latest one while it lives, else any other browser's that lives (to say
 * that the passcode belongs there), else the browser's own one that no longer works.
 */
async function findRequestToTry(scope: OrganizationScope, recipientId: string, browserHash: Uint8Array) {
  const [request] = await scope.query<{ id: string; own: boolean }>(
    `select id, browser_hash = $3 as own from passcode_request
     where organization_id = $1 and recipient_id = $2 and (browser_hash = $3 or (used_at is null and expires_at > clock_timestamp()))
     order by used_at is null and expires_at > clock_timestamp() desc, own desc, created_at desc limit 1`,
    [scope.organizationId, recipientId, browserHash],
  );
  return request;
}

async function voidReasonOf(scope: OrganizationScope, requestId: string): Promise<'Used' | 'Expired' | 'TooManyTries'> {
  const [request] = await scope.query<{ used_at: Date | null; tries: number }>(
    'select used_at, tries from passcode_request where organization_id = $1 and id = $2',
    [scope.organizationId, requestId],
  );
  if (request?.used_at) return 'Used';
  return request && request.tries >= passcodePolicy.tries ? 'TooManyTries' : 'Expired';
}

async function signIn(
  scope: OrganizationScope,
  link: Link,
  requestId: string,
  tokenHash: Uint8Array,
  visitor: Visitor,
): Promise<PasscodeTryOutcome> {
  const result = await scope.transaction(async (tx): Promise<PasscodeTryOutcome> => {
    const { at, refusal } = await checkRecipient(tx, link.recipientId, 'share');
    const used = await tx.query(
      `update passcode_request set used_at = clock_timestamp() where organization_id = $1 and id = $2 and used_at is null returning id`,
      [tx.organizationId, requestId],
    );
    if (used.length === 0) return { outcome: 'void', reason: 'Used' };
    if (refusal) return { outcome: 'refused', reason: refusal };
    const session = await beginRecipientSession(tx, { addressKey: link.addressKey, method: 'OTP', tokenHash, at });
    await recordSteps(tx, link.message, [
      {
        operation: 'AuthenticateRequest',
        creationTime: at,
        operationStatus: 'Success',
        authenticationMethod: 'OTP',
        authenticationStatus: 'Success',
        recipients: [link.address],
        actor: { kind: 'recipient', id: link.recipientId, address: link.address },
        properties: { PasscodesSent: link.passcodesSent },
        ...visitor,
      },
    ]);
    return { outcome: 'signed-in', session };
  });
  return result.outcome === 'signed-in' ? result : failTry(scope, link, visitor, result);
}

const failureReasons = { wrong: 'WrongPasscode', 'other-browser': 'OtherBrowser' } as const;

async function failTry<O extends Exclude<PasscodeTryOutcome, { outcome: 'signed-in' }>>(
  scope: OrganizationScope,
  link: Link,
  visitor: Visitor,
  outcome: O,
): Promise<O> {
  const reason = outcome.outcome === 'void' || outcome.outcome === 'refused' ? outcome.reason : failureReasons[outcome.outcome];
  await scope.transaction(async (tx) => {
    await recordSteps(tx, link.message, [
      {
        operation: 'AuthenticateRequest',
        creationTime: await clock(tx),
        operationStatus: 'Failure',
        authenticationMethod: 'OTP',
        authenticationStatus: 'Failure',
        recipients: [link.address],
        actor: nobody,
        properties: { Reason: reason, PasscodesSent: link.passcodesSent },
        ...visitor,
      },
    ]);
  });
  return outcome;
}
