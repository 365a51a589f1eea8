import { refusalOf, type RecipientFacts } from './message-state.ts';

/** Why the mail with the link is not sent to a recipient again: it would lead to nothing, or they have the message as it came. */
export type ResendRefusal = 'erased' | 'revoked' | 'expired' | 'unwrapped';

/** How often a recipient is sent the mail again, whoever asks for it: no organization shall fill a mailbox. */
export const resendLimit = { count: 5, windowSeconds: 3_600 } as const;

const refusals = { NotAvailable: 'erased', Revoked: 'revoked', Expired: 'expired' } as const;

/** What stands against sending a recipient the mail with their link again at a moment, or null where nothing does. */
export function resendRefusalOf(
  recipient: Pick<RecipientFacts, 'revokedAt' | 'expiresAt' | 'erasedAt' | 'unwrapped'>,
  now: Date,
): ResendRefusal | null {
  if (recipient.unwrapped) return 'unwrapped';
  const refusal = refusalOf(recipient, now);
  return refusal && refusals[refusal];
}
