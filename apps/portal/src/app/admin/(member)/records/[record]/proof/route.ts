import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../../api/api-client.ts';
import { memberToken } from '../../../../member-cookie.ts';
import { proofAnswer } from '../../../proof-answer.ts';
import { recordPath } from '../../record-path.ts';

/** The proof of a record as a file. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ record: string }> }): Promise<Response> {
  const { record } = await params;
  const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
  const ask = () => api.call(routes.proveAdminRecord, { params: { id: record } });
  return proofAnswer({ ask, name: 'admin-record', page: recordPath(record) });
}
