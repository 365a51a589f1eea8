import { ApiProblem } from '@signet/api-contract/client';
import type { LinkState } from '@signet/api-contract/recipient';
import type { ProblemCode } from '@signet/domain/error-code';

/** Why a link gives no content. */
export type Refusal = 'revoked' | 'expired' | 'notAvailable' | 'signedOut' | 'methodNotAllowed' | 'tooManyRequests' | 'unavailable';

/** The HTTP status of each refusal. */
export const refusalStatus = {
  revoked: 410,
  expired: 410,
  notAvailable: 404,
  signedOut: 401,
  methodNotAllowed: 403,
  tooManyRequests: 429,
  unavailable: 503,
} as const satisfies Record<Refusal, number>;

/** What a link's own state refuses; null where it is open. */
export const refusalOfLink = {
  open: null,
  revoked: 'revoked',
  expired: 'expired',
  not_available: 'notAvailable',
} as const satisfies Record<LinkState, Refusal | null>;

const refusalOfCode: { readonly [code in ProblemCode]?: Refusal } = {
  message_revoked: 'revoked',
  message_expired: 'expired',
  not_found: 'notAvailable',
  // A token, an index or an access id of a shape that never was.
  validation_failed: 'notAvailable',
  unauthenticated: 'signedOut',
  sign_in_method_not_allowed: 'methodNotAllowed',
  forbidden: 'methodNotAllowed',
  too_many_requests: 'tooManyRequests',
};

/** What a failed question to the api means for the visitor. What is no answer of the api's is a fault on our side. */
export function refusalOfFailure(failure: unknown): Refusal {
  return (failure instanceof ApiProblem ? refusalOfCode[failure.code] : undefined) ?? 'unavailable';
}
