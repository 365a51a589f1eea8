import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { forwardPart, onlyGet } from '../../forward-part.ts';

export { onlyGet as HEAD };

/** The body, for the frame of the message's page. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ token: string }> }): Promise<Response> {
  const { token } = await params;
  const access = request.nextUrl.searchParams.get('access') ?? '';
  return forwardPart(request, (api, options) => api.call(routes.getBody, { params: { token }, query: { access } }, options));
}
