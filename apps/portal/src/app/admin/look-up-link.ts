import { ApiProblem } from '@signet/api-contract/client';

/** What a mailed link is for; `void` where it is none (any more), `tooMany` where too many were tried. */
export async function lookUpLink<L>(ask: () => Promise<L>): Promise<L | 'void' | 'tooMany'> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    // What cannot be a link is none.
    if (error.code === 'link_void' || error.code === 'validation_failed') return 'void';
    if (error.code === 'too_many_requests') return 'tooMany';
    throw error;
  }
}
