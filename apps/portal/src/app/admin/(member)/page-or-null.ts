import { isProblem } from '../../../api/is-problem.ts';

/** A page of a list; null where the place in the address is damaged. */
export async function pageOrNull<Page>(ask: () => Promise<Page>): Promise<Page | null> {
  try {
    return await ask();
  } catch (error) {
    if (isProblem(error, 'validation_failed')) return null;
    throw error;
  }
}
