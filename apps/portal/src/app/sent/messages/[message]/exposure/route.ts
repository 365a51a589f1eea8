import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../api/api-client.ts';
import { forwardReport } from '../../../../../components/message/forward-report.ts';
import { senderToken } from '../../../sender-cookies.ts';
import { signInPathFor } from '../../../sent-path.ts';

/** The exposure report of an own message. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ message: string }> }): Promise<Response> {
  const { message } = await params;
  const api = apiFor(request.headers, { bearer: senderToken(request.cookies) });
  return forwardReport(request, (query) => api.page(routes.getSentExposure, { params: { message }, query }), signInPathFor);
}
