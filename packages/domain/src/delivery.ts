import type { DeliveryState } from './message-state.ts';

/** What the next hop made of a mail, in the words of the audit trail. `Passed`: it took the message itself, unwrapped. */
export const deliveries = ['Sent', 'Passed', 'Deferred', 'Bounced'] as const;
export type Delivery = (typeof deliveries)[number];

/** The delivery state of a recipient whose wrapper mail was answered so. */
export const deliveryStateAfter = { Sent: 'sent', Passed: 'passed', Deferred: 'deferred', Bounced: 'bounced' } as const satisfies Record<
  Delivery,
  DeliveryState
>;

/** The next hop's answer to one mail, or what kept it from answering. */
export interface NextHopAnswer {
  readonly delivery: Delivery;
  /** Its reply as it came, or the trouble in words. */
  readonly response: string;
  /** It was told what the sender asks to be told, and understands it: whatever becomes of the mail now is its to report (RFC 3461, 5.2.1). */
  readonly reportsItself?: boolean;
}

/** SMTP commands whose refusal is about this one mail. Greeting, TLS and sign-in are about us. */
const aboutTheMail = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

/**
 * What a failed hand-over means: only a permanent refusal of the mail itself (5yz to MAIL, RCPT, DATA, RFC 5321 4.2.1) is
 * a bounce. 530 asks for a sign-in (RFC 4954), which no recipient can be blamed for: it and all else may pass, so it is tried again.
 */
export function deliveryAfterFailure(replyCode: number | null, command: string | null): Delivery {
  const permanent = replyCode !== null && replyCode >= 500 && replyCode < 600 && replyCode !== 530;
  return permanent && command !== null && aboutTheMail.has(command) ? 'Bounced' : 'Deferred';
}
