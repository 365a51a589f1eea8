import { z } from 'zod';
import { isProblem } from '../../../../../api/is-problem.ts';

/** Whom somebody wants the mail with the link sent to again, as the dialog asks for it. */
export const resendChoice = z.strictObject({
  message: z.uuid(),
  /** Null: all who can still get the message. */
  recipients: z.array(z.string().max(320)).min(1).max(1000).nullable(),
});

/** Why it was not sent, in a word of `admin.dialog.resend.refused`. */
export type ResendRefusal = 'signedOut' | 'forbidden' | 'gone' | 'closed' | 'tooOften' | 'notUnderstood' | 'away';

/** What the api's refusal means for whoever confirmed the dialog. */
export function resendRefusalOf(error: unknown): ResendRefusal {
  if (isProblem(error, 'unauthenticated')) return 'signedOut';
  if (isProblem(error, 'forbidden')) return 'forbidden';
  if (isProblem(error, 'not_found')) return 'gone';
  if (isProblem(error, 'not_resendable')) return 'closed';
  if (isProblem(error, 'too_many_requests')) return 'tooOften';
  if (isProblem(error, 'validation_failed')) return 'notUnderstood';
  return 'away';
}
