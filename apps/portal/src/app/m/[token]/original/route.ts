import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { forwardPart, onlyGet, rangeHeaders } from '../../forward-part.ts';

export { onlyGet as HEAD };

/** The original message file, where the message cannot be shown. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ token: string }> }): Promise<Response> {
  const { token } = await params;
  const headers = rangeHeaders(request.headers);
  return forwardPart(request, (api, options) => api.call(routes.downloadOriginal, { params: { token }, headers }, options), {
    back: `/m/${encodeURIComponent(token)}`,
  });
}
