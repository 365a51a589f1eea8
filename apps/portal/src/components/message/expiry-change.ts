import type { Message } from '@signet/api-contract/messages';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { z } from 'zod';
import { isProblem } from '../../api/is-problem.ts';

/** When somebody wants a message to expire, as the dialog asks for it. */
export const expiryChange = z.strictObject({
  message: z.uuid(),
  /** `now` is the database's: the browser's clock may be wrong. Null: never. */
  expiresAt: z.union([z.literal('now'), z.iso.datetime(), z.null()]),
  // A record is one line: breaks become blanks. Nothing is cut off: a reason that is too long is refused.
  reason: z.string().transform((reason) => recordTextOf(reason, reason.length + 1)),
});

/** Why it could not be done, in a word of `admin.dialog.expiry.refused` or `admin.dialog.refused`; `reason`: it is too long. */
export type ExpiryRefusal =
  'reason' | 'signedOut' | 'unconfirmed' | 'forbidden' | 'gone' | 'notUnderstood' | 'away' | 'notExpirable' | 'notAllowed';

/** Does it, in force when this returns null. */
export type ChangeExpiry = (given: z.input<typeof expiryChange>) => Promise<ExpiryRefusal | null>;

/** What the api's refusal means for whoever confirmed the dialog. */
export function expiryRefusalOf(error: unknown): ExpiryRefusal {
  if (isProblem(error, 'unauthenticated')) return 'signedOut';
  if (isProblem(error, 'reauthentication_required')) return 'unconfirmed';
  if (isProblem(error, 'forbidden')) return 'forbidden';
  if (isProblem(error, 'not_found')) return 'gone';
  if (isProblem(error, 'not_expirable')) return 'notExpirable';
  if (isProblem(error, 'expiry_change_not_allowed')) return 'notAllowed';
  if (isProblem(error, 'validation_failed')) return error.errors.some(({ pointer }) => pointer === '/reason') ? 'reason' : 'notUnderstood';
  return 'away';
}

/** The change as the api is asked for it. A time that has passed means now to it. */
export function expiryRequestOf({ message, expiresAt, reason }: z.output<typeof expiryChange>) {
  const wanted = expiresAt === 'now' ? new Date(0).toISOString() : expiresAt;
  return { params: { message }, body: { expiresAt: wanted, ...(reason === '' ? {} : { reason }) } };
}

/** What the dialog must know of a message. */
export type ExpiringMessage = Pick<Message, 'id' | 'expiresAt' | 'acceptedAt' | 'expiryChange'> & {
  /** Whether it has expired. */
  readonly isOver: boolean;
  /** How many recipients can read it, or could if it had not expired. */
  readonly recipientCount: number;
};

/** The facts of a message that the dialog is about. */
export function expiringMessageOf(message: Message): ExpiringMessage {
  const { id, expiresAt, acceptedAt, expiryChange: freedom, recipients } = message;
  const concerned = recipients.filter(({ unwrapped, revokedAt }) => !unwrapped && revokedAt === null);
  return {
    id,
    expiresAt,
    acceptedAt,
    expiryChange: freedom,
    isOver: recipients.some(({ accessState }) => accessState === 'expired'),
    recipientCount: concerned.length,
  };
}
