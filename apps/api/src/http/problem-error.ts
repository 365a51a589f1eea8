import type { FieldError, Problem } from '@signet/api-contract/problem';
import { problems, type ProblemCode } from '@signet/domain/error-code';

/** What one occurrence of a problem says besides its code. */
export type ProblemDetails = Partial<Pick<Problem, 'detail' | 'errors' | 'candidates' | 'triesLeft' | 'retryAfterSeconds'>>;

/** Ends a request with a problem of the table. Its `detail` goes to the caller: nothing secret, nothing that betrays existence. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? problems[code].title);
    this.code = code;
    this.details = details;
  }
}

/** The one answer to what is not there and what is not to be seen: nothing in it differs from one occurrence to the next. */
export function notFound(): ProblemError {
  return new ProblemError('not_found');
}

/** A request with wrong fields, all of them named. */
export function invalid(errors: FieldError[]): ProblemError {
  return new ProblemError('validation_failed', { errors });
}
