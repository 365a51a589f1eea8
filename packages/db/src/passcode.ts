import { refusalOf, type RefusalReason } from '@signet/domain/message-state';
import { passcodePolicy, secondsUntilNextPasscodeMail } from '@signet/domain/passcode';
import type { RecipientLanguage } from '@signet/domain/recipient-language';
import { clock, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import type { Link } from './link.ts';
import { addToOutbox } from './outbox.ts';
import { beginRecipientSession, type RecipientSession } from './recipient-session.ts';
import {
  findPendingRequest,
  tryRequest,
  useRequest,
  type FailedTry,
  type PasscodeAttempt,
  type PasscodeRequests,
  type PendingPasscode,
} from './passcode-try.ts';
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
  readonly language: RecipientLanguage;
  /** Where it is asked for, as an HMAC; null where nobody knows. */
  readonly networkHmac: Uint8Array | null;
  readonly asked: Asked;
}

/** How a passcode was asked for: signals by the names of the entry's properties, and whether they are a program's. */
interface Asked {
  readonly byProgram: boolean;
  readonly signals: { readonly Agent: string; readonly Press: string | null; readonly PressedAfter: number | null };
}

export type PasscodeRequestOutcome =
  | { readonly outcome: 'sent'; readonly expiresAt: Date; readonly retryAfterSeconds: number }
  | { readonly outcome: 'wait'; readonly retryAfterSeconds: number }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason };

/**
 * Books a passcode and its mail, unless too many went to this recipient lately (`passcodePolicy`). Other requests of the recipient, from
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
    const { byProgram } = passcode.asked;
    const earlier = await tx.query<{ created_at: Date; is_here: boolean }>(
      `select created_at, network_hmac is null or network_hmac is not distinct from $4 as is_here from passcode_request
       where organization_id = $1 and recipient_id = $2 and created_at > $3::timestamptz - interval '1 day' and by_program = $5`,
      [tx.organizationId, link.recipientId, at, passcode.networkHmac, byProgram],
    );
    const sentHere = earlier.filter((row) => row.is_here).map((row) => row.created_at);
    const sentEverywhere = earlier.map((row) => row.created_at);
    const everywhere = byProgram ? passcodePolicy.mailLimitsOfPrograms : passcodePolicy.mailLimitsFromEverywhere;
    const waitAfter = (more: readonly Date[]) =>
      Math.max(
        secondsUntilNextPasscodeMail([...sentHere, ...more], at),
        secondsUntilNextPasscodeMail([...sentEverywhere, ...more], at, everywhere),
      );
    const wait = waitAfter([]);
    if (wait > 0) return { outcome: 'wait', retryAfterSeconds: wait };
    const expiresAt = new Date(at.getTime() + passcodePolicy.lifetimeSeconds * 1000);
    await insertPasscode(tx, link, passcode, at, expiresAt, visitor);
    return { outcome: 'sent', expiresAt, retryAfterSeconds: waitAfter([at]) };
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
    `insert into passcode_request (organization_id, id, recipient_id, browser_hash, code_hmac, reference, language, created_at, expires_at,
       network_hmac, by_program)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tx.organizationId,
      passcode.id,
      link.recipientId,
      passcode.browserHash,
      passcode.codeHmac,
      passcode.reference,
      passcode.language,
      at,
      expiresAt,
      passcode.networkHmac,
      passcode.asked.byProgram,
    ],
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
      properties: { PasscodesSent: counted?.passcodes_sent ?? 0, Reference: passcode.reference, ...passcode.asked.signals },
      ...visitor,
    },
  ]);
}

function requestsOf(scope: OrganizationScope, recipientId: string): PasscodeRequests {
  return {
    db: scope,
    table: 'passcode_request',
    owner: 'organization_id = $1 and recipient_id = $2',
    values: [scope.organizationId, recipientId],
  };
}

/** The passcode that a browser asked for last and can still use, or null. */
export function findPendingPasscode(
  scope: OrganizationScope,
  recipientId: string,
  browserHash: Uint8Array,
): Promise<PendingPasscode | null> {
  return findPendingRequest(requestsOf(scope, recipientId), browserHash);
}

export type PasscodeTryOutcome =
  | { readonly outcome: 'signed-in'; readonly session: RecipientSession }
  | FailedTry
  | { readonly outcome: 'refused'; readonly reason: RefusalReason };

/**
 * Tries a passcode against the request of the same browser. The try is counted, and that committed, before the code is
 * looked at; of any number of tries at once exactly one can win. Every try leaves an `AuthenticateRequest`.
 * @param attempt its `sessionTokenHash`: SHA-256 of the token of the session that a right code begins.
 */
export async function tryPasscode(
  scope: OrganizationScope,
  link: Link,
  attempt: PasscodeAttempt & { readonly sessionTokenHash: Uint8Array },
  visitor: Visitor,
): Promise<PasscodeTryOutcome> {
  const refusal = refusalOf(link, link.lookedAt);
  if (refusal) return failTry(scope, link, visitor, { outcome: 'refused', reason: refusal });
  const tried = await tryRequest(requestsOf(scope, link.recipientId), attempt);
  if (tried.outcome !== 'right') return failTry(scope, link, visitor, tried);
  return signIn(scope, link, tried.requestId, attempt.sessionTokenHash, visitor);
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
    if (!(await useRequest({ ...requestsOf(scope, link.recipientId), db: tx }, requestId))) return { outcome: 'void', reason: 'Used' };
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
