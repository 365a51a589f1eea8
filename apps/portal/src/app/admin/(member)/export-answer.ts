import { COMPLETE_HEADER, INDEXED_THROUGH_HEADER, LOG_SIZE_HEADER } from '@signet/api-contract/audit-entries';
import { ApiProblem } from '@signet/api-contract/client';
import { signInPathFor } from '../next-path.ts';
import { exportRefusalOf } from './export-choice.ts';

/** What the api says of the file that its reader is told as well. */
const passedOn = ['content-type', 'content-disposition', LOG_SIZE_HEADER, COMPLETE_HEADER, INDEXED_THROUGH_HEADER];

interface Export {
  /** Asks the api for the file; null where what was asked for can be none. */
  readonly ask: (() => Promise<Response>) | null;
  /** The list that the file was asked for from. */
  readonly page: string;
}

/**
 * An export as a file: piece by piece from the api to the reader, nothing kept. When the api breaks off, so does this. Refused: back to
 * the list, which says why.
 */
export async function exportAnswer({ ask, page }: Export): Promise<Response> {
  if (ask === null) return backTo(page, 'validation_failed');
  try {
    const answer = await ask();
    // Nobody in between waits for the end, or packs it.
    const headers = new Headers({ 'X-Accel-Buffering': 'no', 'Cache-Control': 'no-store, no-transform' });
    for (const name of passedOn) {
      const value = answer.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(answer.body, { headers });
  } catch (failure) {
    const problem = failure instanceof ApiProblem ? failure : undefined;
    if (problem?.code === 'unauthenticated') return elsewhere(signInPathFor(page));
    return backTo(page, problem?.code ?? 'other', problem?.headers.get('retry-after') ?? undefined);
  }
}

function backTo(page: string, code: string, seconds?: string): Response {
  const refused = new URLSearchParams({ refused: exportRefusalOf(code) ?? 'other', ...(seconds === undefined ? {} : { seconds }) });
  return elsewhere(`${page}${page.includes('?') ? '&' : '?'}${refused.toString()}`);
}

/** Relative: where people reach the portal only their browser knows for sure. */
function elsewhere(address: string): Response {
  return new Response(null, { status: 303, headers: { Location: address } });
}
