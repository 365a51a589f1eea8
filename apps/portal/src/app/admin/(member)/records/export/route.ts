import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../api/api-client.ts';
import { memberToken } from '../../../member-cookie.ts';
import { exportAnswer } from '../../export-answer.ts';
import { recordFormOf } from '../../export-choice.ts';
import { parametersIn, single } from '../../page-address.ts';
import { viewerZone } from '../../viewer-zone.ts';
import { recordFiltersOf, recordQueryOf, recordsPath } from '../record-filters.ts';

/** The records as a file, as far as the filters let them through. When the reader goes, the api is told. */
export async function GET(request: NextRequest): Promise<Response> {
  const given = parametersIn(request.nextUrl.searchParams);
  const filters = recordFiltersOf(given);
  const form = recordFormOf(single(given['form']));
  const { query, faults } = recordQueryOf(filters, await viewerZone());
  const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
  const ask = () => api.call(routes.exportAdminRecords, { query: { ...query, ...form } }, { signal: request.signal });
  return exportAnswer({ ask: form === null || Object.keys(faults).length > 0 ? null : ask, page: recordsPath(filters) });
}
