import { recordTextOf } from '@signet/domain/audit/record-text';
import { z } from 'zod';
import { isProblem } from '../../api/is-problem.ts';

/** What somebody wants revoked or restored, as the dialog asks for it. */
export const accessChange = z.strictObject({
  act: z.enum(['revoke', 'restore']),
  message: z.uuid(),
  // A record is one line: breaks become blanks. Nothing is cut off: a reason that is too long is refused.
  reason: z.string().transform((reason) => recordTextOf(reason, reason.length + 1)),
  /** Null: all of them, those included who are added meanwhile. */
  recipients: z.array(z.string().max(320)).min(1).max(1000).nullable(),
});

/** Why it could not be done, in a word of `admin.dialog.refused`; `reason`: it is too long. */
export type AccessRefusal =
  'reason' | 'signedOut' | 'unconfirmed' | 'forbidden' | 'gone' | 'notRevocable' | 'organizationRevoked' | 'notUnderstood' | 'away';

/** Does it, in force when this returns null. */
export type ChangeAccess = (given: z.input<typeof accessChange>) => Promise<AccessRefusal | null>;

/** What the api's refusal means for whoever confirmed the dialog. */
export function accessRefusalOf(error: unknown): AccessRefusal {
  if (isProblem(error, 'unauthenticated')) return 'signedOut';
  if (isProblem(error, 'reauthentication_required')) return 'unconfirmed';
  if (isProblem(error, 'forbidden')) return 'forbidden';
  if (isProblem(error, 'not_found')) return 'gone';
  if (isProblem(error, 'not_revocable')) return 'notRevocable';
  if (isProblem(error, 'revoked_by_organization')) return 'organizationRevoked';
  if (isProblem(error, 'validation_failed')) return error.errors.some(({ pointer }) => pointer === '/reason') ? 'reason' : 'notUnderstood';
  return 'away';
}

/** The change as the api is asked for it: what was left out is left out. */
export function accessRequestOf({ message, reason, recipients }: z.output<typeof accessChange>) {
  return { params: { message }, body: { ...(reason === '' ? {} : { reason }), ...(recipients === null ? {} : { recipients }) } };
}
