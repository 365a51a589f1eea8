import { isProblem } from '../../../api/is-problem.ts';
import type { ActRefusal } from './act-refusal.ts';

/** What the api's refusal means for whoever acted. */
export function actRefusalOf(error: unknown): ActRefusal {
  if (isProblem(error, 'unauthenticated')) return 'signedOut';
  if (isProblem(error, 'reauthentication_required')) return 'unconfirmed';
  if (isProblem(error, 'forbidden') || isProblem(error, 'second_factor_required')) return 'forbidden';
  return isProblem(error, 'not_found') ? 'gone' : 'away';
}
