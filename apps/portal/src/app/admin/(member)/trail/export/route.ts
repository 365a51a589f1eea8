import { LOG_SIZE_HEADER } from '@signet/api-contract/audit-entries';
import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../api/api-client.ts';
import { memberToken } from '../../../member-cookie.ts';
import { signInPathFor } from '../../../next-path.ts';
import { addressOf } from '../../page-address.ts';
import { viewerZone } from '../../viewer-zone.ts';
import { exportQueryOf, exportRefusalOf } from '../export-choice.ts';
import { trailFiltersOf, trailPath, trailQueryOf } from '../trail-filters.ts';
import type { TrailFilters } from '../trail-filters.ts';

/** What the api says of the file that its reader is told as well. */
const passedOn = ['content-type', 'content-disposition', LOG_SIZE_HEADER];

/**
 * The trail as a file, as far as the filters let it through: piece by piece from the api to the reader, nothing kept. When the api breaks
 * off, so does this, and when the reader goes, the api is told. Refused: back to the list, which says why.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const given = Object.fromEntries(request.nextUrl.searchParams);
  const filters = trailFiltersOf(given);
  const form = exportQueryOf(given['form']);
  const { query, faults } = trailQueryOf(filters, await viewerZone());
  if (form === null || Object.keys(faults).length > 0) return backTo(filters, 'validation_failed');
  try {
    const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
    const answer = await api.call(routes.exportAuditEntries, { query: { ...query, ...form } }, { signal: request.signal });
    // Nobody in between waits for the end, or packs it.
    const headers = new Headers({ 'X-Accel-Buffering': 'no', 'Cache-Control': 'no-store, no-transform' });
    for (const name of passedOn) {
      const value = answer.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(answer.body, { headers });
  } catch (failure) {
    const problem = failure instanceof ApiProblem ? failure : undefined;
    if (problem?.code === 'unauthenticated') return elsewhere(signInPathFor(trailPath(filters)));
    return backTo(filters, problem?.code ?? 'other', problem?.headers.get('retry-after') ?? undefined);
  }
}

function backTo(filters: TrailFilters, code: string, seconds?: string): Response {
  return elsewhere(addressOf('/admin/trail', { ...filters, refused: exportRefusalOf(code), seconds }));
}

/** Relative: where people reach the portal only their browser knows for sure. */
function elsewhere(address: string): Response {
  return new Response(null, { status: 303, headers: { Location: address } });
}
