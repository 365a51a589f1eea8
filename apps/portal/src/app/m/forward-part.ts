import type { Client } from '@signet/api-contract/client';
import { apiFor } from '../../api/api-client.ts';
import { recipientCredentials } from './recipient-cookies.ts';
import { refusalOfFailure } from './refusal.ts';
import { refusedResponse } from './refused-document.ts';
import { ApiProblem } from '@signet/api-contract/client';

/** What the api says of a file that its reader is told as well. Length and ranges stay true: nothing is encoded in between. */
const passedOn = ['content-type', 'content-length', 'content-range', 'content-disposition', 'accept-ranges', 'etag', 'last-modified'];

interface PartRequest {
  readonly headers: Headers;
  readonly signal: AbortSignal;
  readonly cookies: { get(name: string): { readonly value: string } | undefined };
}

interface PartOptions {
  /** Where a reader whose request is refused may go. */
  readonly back?: string;
}

/**
 * Streams a part of the message from the api to the reader: chunk by chunk, nothing kept. When the api cuts its stream, so
 * is this one, and when the reader goes, the api is told. Refused: a page that says why, with its status.
 */
export async function forwardPart(
  request: PartRequest,
  ask: (api: Client, options: { readonly signal: AbortSignal }) => Promise<Response>,
  { back }: PartOptions = {},
): Promise<Response> {
  try {
    const answer = await ask(apiFor(request.headers, recipientCredentials(request.cookies)), { signal: request.signal });
    const headers = new Headers({ 'X-Accel-Buffering': 'no', 'Cross-Origin-Resource-Policy': 'same-origin' });
    for (const name of passedOn) {
      const value = answer.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(answer.body, { status: answer.status, headers });
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.code === 'range_not_satisfiable') return outsideOfFile(failure);
    return refusedResponse({ refusal: refusalOfFailure(failure), back, acceptLanguage: request.headers.get('accept-language') });
  }
}

/** Says how long the file is (RFC 9110, 15.5.17), so that the reader can ask for a range that it has. */
function outsideOfFile({ headers }: ApiProblem): Response {
  const length = headers.get('content-range');
  return new Response(null, { status: 416, headers: length === null ? {} : { 'Content-Range': length } });
}

/** The range that the reader asks for, for the api to answer. */
export function rangeHeaders(headers: Headers): { range?: string; 'if-range'?: string } {
  const range = headers.get('range');
  const ifRange = headers.get('if-range');
  return { ...(range === null ? {} : { range }), ...(ifRange === null ? {} : { 'if-range': ifRange }) };
}

/** Files are not asked about without being fetched: every request to the api is one download. */
export function onlyGet(): Response {
  return new Response(null, { status: 405, headers: { Allow: 'GET' } });
}
