import type { SystemScope } from '@signet/db/database';
import { countTry } from '@signet/db/rate-limit';
import { networkOf } from '@signet/domain/network';
import { ProblemError } from '../http/problem-error.ts';
import type { Visitor } from './caller.ts';

/** Tries are counted over so long, in windows that do not move. */
const WINDOW_SECONDS = 900;

/** How many tries a window has. What is told of each in docs/decisions/0008. */
const limits = {
  /** Sign-ins from one network, for all members. */
  'sign-in:network': 100,
  /** For one member from one network: who guesses locks out their own network, and not the member. */
  'sign-in:member-network': 10,
  /** For one member from everywhere, against many who guess together. */
  'sign-in:member': 100,
  /** Codes for one member, whose password was right: of a million codes three are good at a time. */
  'second-factor:member': 5,
  /** Proofs by somebody who is signed in. */
  'reauthentication:member': 10,
  /** Links that were mailed: their tokens cannot be guessed, and whoever tries shall not keep the database busy. */
  'member-link:network': 100,
  /** Links that one member is mailed, whoever asks. */
  'member-mail:member': 5,
} as const;

/** The name under which a try is counted: what it is for, and who or which network tries. */
export function tryBucket(what: keyof typeof limits, who: string): string {
  return `${what}:${who}`;
}

/**
 * Counts a try before it is looked at.
 * @throws {ProblemError} `too_many_requests` where it is one too many.
 */
export async function limitTries(system: SystemScope, what: keyof typeof limits, who: string): Promise<void> {
  const decision = await countTry(system, tryBucket(what, who), limits[what], WINDOW_SECONDS);
  if (!decision.allowed) throw new ProblemError('too_many_requests', { retryAfterSeconds: decision.retryAfterSeconds });
}

/** The network that a visitor's tries are counted for. */
export function networkOfVisitor({ clientIp }: Visitor): string {
  return clientIp === null ? 'unknown' : networkOf(clientIp);
}
