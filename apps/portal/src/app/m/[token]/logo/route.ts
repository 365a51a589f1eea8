import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { forwardPart, onlyGet } from '../../forward-part.ts';

export { onlyGet as HEAD };

/** The logo that the message was sent with, for whoever has the link. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ token: string }> }): Promise<Response> {
  const { token } = await params;
  return forwardPart(request, (api, options) => api.call(routes.getLogo, { params: { token } }, options));
}
