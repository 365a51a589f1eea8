import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../../api/api-client.ts';
import { forwardReport } from '../../../../../../components/message/forward-report.ts';
import { memberToken } from '../../../../member-cookie.ts';
import { signInPathFor } from '../../../../next-path.ts';

/** The exposure report of a message. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ message: string }> }): Promise<Response> {
  const { message } = await params;
  const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
  return forwardReport(request, (query) => api.page(routes.getExposure, { params: { message }, query }), signInPathFor);
}
