import { isProblem } from '../../../api/is-problem.ts';
import { isUnaskable } from '../../../api/is-unaskable.ts';

/** What the api answers; null for what is not there, what is not ours, and an address that can be nothing's alike. */
export async function foundOrNull<Found>(ask: () => Promise<Found>): Promise<Found | null> {
  try {
    return await ask();
  } catch (error) {
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed') || isUnaskable(error)) return null;
    throw error;
  }
}
