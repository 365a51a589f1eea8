import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../api/api-client.ts';
import { memberToken } from '../../../member-cookie.ts';
import { exportAnswer } from '../../export-answer.ts';
import { trailFormOf } from '../../export-choice.ts';
import { parametersIn, single } from '../../page-address.ts';
import { viewerZone } from '../../viewer-zone.ts';
import { trailFiltersOf, trailPath, trailQueryOf } from '../trail-filters.ts';

/** The trail as a file, as far as the filters let it through. When the reader goes, the api is told. */
export async function GET(request: NextRequest): Promise<Response> {
  const given = parametersIn(request.nextUrl.searchParams);
  const filters = trailFiltersOf(given);
  const form = trailFormOf(single(given['form']));
  const { query, faults } = trailQueryOf(filters, await viewerZone());
  const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
  const ask = () => api.call(routes.exportAuditEntries, { query: { ...query, ...form } }, { signal: request.signal });
  return exportAnswer({ ask: form === null || Object.keys(faults).length > 0 ? null : ask, page: trailPath(filters) });
}
