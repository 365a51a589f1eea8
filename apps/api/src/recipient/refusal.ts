import type { ReadingRefusal } from '@signet/db/recipient-state';
import type { ProblemCode } from '@signet/domain/error-code';
import { ProblemError } from '../http/problem-error.ts';

/** How a refusal is answered. What is erased is not there any more. */
const codes = {
  Revoked: 'message_revoked',
  Expired: 'message_expired',
  NotAvailable: 'not_found',
  SignedOut: 'unauthenticated',
  SignInMethod: 'sign_in_method_not_allowed',
} as const satisfies Record<ReadingRefusal | 'SignInMethod', ProblemCode>;

export type Refusal = keyof typeof codes;

/** The problem that a refused visitor is answered with. */
export function refused(reason: Refusal): ProblemError {
  return new ProblemError(codes[reason]);
}
