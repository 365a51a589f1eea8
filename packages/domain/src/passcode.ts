import { createHmac } from 'node:crypto';

/**
 * The rules of the one-time passcode (ASVS 6.5, 6.6). Durations in seconds. Mail systems follow links and press the buttons that they find:
 * so mails are limited for a recipient as one network asks for them, more widely wherever they are asked for, and what programs ask for
 * is counted apart, so that no number of those that are seen to be programs keeps a person from a passcode who is not taken for one. Who holds
 * the link, and passes for a person, can use up the recipient's day (docs/decisions/0028).
 */
export const passcodePolicy = {
  digits: 8,
  lifetimeSeconds: 600,
  tries: 5,
  /** At most so many mails to one recipient within so many seconds, as one network (`siteOf`) asks for them, programs and others apart. */
  mailLimits: [
    { mails: 1, seconds: 30 },
    { mails: 5, seconds: 900 },
    { mails: 20, seconds: 86_400 },
  ],
  /** And wherever they are asked for by what is not seen to be a program. */
  mailLimitsFromEverywhere: [
    { mails: 3, seconds: 30 },
    { mails: 15, seconds: 900 },
    { mails: 60, seconds: 86_400 },
  ],
  /** And wherever programs ask for them, all together. */
  mailLimitsOfPrograms: [
    { mails: 3, seconds: 30 },
    { mails: 10, seconds: 900 },
    { mails: 20, seconds: 86_400 },
  ],
  sessionSeconds: 12 * 3600,
  accessSeconds: 15 * 60,
} as const;

/**
 * Passcodes of senders. A recipient's link is known to few; a sender's address to everybody: so mails are limited for an
 * address as one network asks for it (`passcodePolicy.mailLimits`) and, more widely, for the address wherever it is asked
 * for, so that a stranger neither keeps the sender out nor fills their mailbox.
 */
export const senderPasscodePolicy = {
  mailLimitsFromEverywhere: [
    { mails: 15, seconds: 900 },
    { mails: 60, seconds: 86_400 },
  ],
  sessionSeconds: 12 * 3600,
  /** A session that was not used for so long is over. */
  idleSeconds: 3600,
} as const;

/**
 * How a passcode is stored: HMAC-SHA-256 with a key that is not in the database, bound to its request, so that a copy
 * of the database does not tell codes and a code of one request is worth nothing in another. 32 bytes.
 */
export function passcodeHmac(key: Uint8Array, requestId: string, code: string): Uint8Array {
  return createHmac('sha256', key).update(`signet passcode v1\n${requestId}\n${code}`, 'utf8').digest();
}

/** How the network is stored that a passcode was asked for from: it can be told again for the same recipient, and by nobody without the key. 32 bytes. */
export function passcodeNetworkHmac(key: Uint8Array, recipientId: string, network: string): Uint8Array {
  return createHmac('sha256', key).update(`signet passcode network v1\n${recipientId}\n${network}`, 'utf8').digest();
}

interface MailLimit {
  readonly mails: number;
  readonly seconds: number;
}

/** Seconds to wait until another passcode mail may go out, 0 when now; `sentAt` are the earlier mails' times, in any order. */
export function secondsUntilNextPasscodeMail(
  sentAt: readonly Date[],
  now: Date,
  limits: readonly MailLimit[] = passcodePolicy.mailLimits,
): number {
  let wait = 0;
  for (const { mails, seconds } of limits) {
    const within = sentAt.map((at) => (now.getTime() - at.getTime()) / 1000).filter((age) => age < seconds);
    if (within.length < mails) continue;
    const oldestThatCounts = within.toSorted((a, b) => a - b)[mails - 1] ?? 0;
    wait = Math.max(wait, Math.ceil(seconds - oldestThatCounts));
  }
  return wait;
}
