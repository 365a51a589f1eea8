import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../../api/api-client.ts';
import { memberToken } from '../../../../member-cookie.ts';
import { proofAnswer } from '../../../proof-answer.ts';
import { entryPath } from '../../entry-path.ts';

/** The proof of an entry as a file. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ entry: string }> }): Promise<Response> {
  const { entry } = await params;
  const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
  const ask = () => api.call(routes.proveAuditEntry, { params: { id: entry } });
  return proofAnswer({ ask, name: 'audit-entry', page: entryPath(entry) });
}
