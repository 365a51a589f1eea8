import type { SystemScope } from '@signet/db/database';
import { countTry } from '@signet/db/rate-limit';
import { networkOf } from '@signet/domain/network';
import { ProblemError } from '../http/problem-error.ts';
import type { Visitor } from './caller.ts';

/** Tries are counted over so long, in windows that do not move. */
const WINDOW_SECONDS = 900;

/** What is mailed, and codes that somebody with the password guesses slowly, are counted over a day too. */
const DAY_SECONDS = 86_400;

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
  /** Samples of templates that one member has sent to themselves. */
  'template-test:member': 20,
  /** Looks at all that an installation needs: each asks other machines. */
  'health-report:organization': 100,
  /** Exports of the trail: each may read all of it. */
  'audit-export:organization': 100,
  /** Tests of webhooks: each has Signet knock at another's machine. */
  'webhook-test:organization': 60,
  /** And of syslog destinations. */
  'syslog-test:organization': 60,
  'admin-record-export:organization': 100,
  /** Tokens that would set Signet up: they cannot be guessed either. */
  'setup:network': 20,
} as const;

/** How many tries a day has (UTC). No success forgets them. */
const dailyLimits = {
  /** Codes of one member's app at sign-in: passkeys and recovery codes still work. */
  'app-code:member': 50,
  'member-mail:member': 20,
} as const;

type Limited = keyof typeof limits | keyof typeof dailyLimits;

const windows: readonly { limits: Partial<Record<Limited, number>>; seconds: number; suffix: string }[] = [
  { limits, seconds: WINDOW_SECONDS, suffix: '' },
  { limits: dailyLimits, seconds: DAY_SECONDS, suffix: ':day' },
];

/** The name under which a try is counted: what it is for, and who or which network tries. */
export function tryBucket(what: Limited, who: string): string {
  return `${what}:${who}`;
}

/**
 * Counts a try before it is looked at.
 * @throws {ProblemError} `too_many_requests` where it is one too many.
 */
export async function limitTries(system: SystemScope, what: Limited, who: string): Promise<void> {
  for (const { limits: tries, seconds, suffix } of windows) {
    const limit = tries[what];
    if (limit === undefined) continue;
    const decision = await countTry(system, `${tryBucket(what, who)}${suffix}`, limit, seconds);
    if (!decision.allowed) throw new ProblemError('too_many_requests', { retryAfterSeconds: decision.retryAfterSeconds });
  }
}

/** The network that a visitor's tries are counted for. */
export function networkOfVisitor({ clientIp }: Visitor): string {
  return clientIp === null ? 'unknown' : networkOf(clientIp);
}
