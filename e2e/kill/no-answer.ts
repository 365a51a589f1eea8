import { ApiProblem } from '@signet/api-contract/client';

/** Statuses by which the api says "not now". */
const LATER = [429, 503];

/** When to try again where nothing says so, in milliseconds. */
const SOON = 500;

/** Why a request to the api has no result yet: it said when to come again, or there was no answer, and nobody knows what became of it. */
export interface Unanswered {
  readonly status: number | null;
  /** When to try again, in milliseconds: what the answer says, or soon. */
  readonly pause: number;
}

/** What an error of a request means while parts of the system are killed. @throws the error where it has no place in any of that. */
export function unanswered(error: unknown): Unanswered {
  if (error instanceof ApiProblem) {
    const after = Number(error.headers.get('retry-after') ?? Number.NaN);
    if (LATER.includes(error.status) && after > 0) return { status: error.status, pause: after * 1000 };
    throw error;
  }
  // A connection that nobody took, or that broke off: before the answer, or within it.
  const isCut = error instanceof TypeError && /terminated|fetch failed/.test(error.message);
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  if (isCut || isLate) return { status: null, pause: SOON };
  throw error;
}
