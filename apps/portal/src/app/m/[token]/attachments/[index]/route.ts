import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { forwardPart, onlyGet, rangeHeaders } from '../../../forward-part.ts';

export { onlyGet as HEAD };

/** An attachment, whole or a range of it. */
export async function GET(
  request: NextRequest,
  { params }: { readonly params: Promise<{ token: string; index: string }> },
): Promise<Response> {
  const { token, index } = await params;
  const headers = rangeHeaders(request.headers);
  return forwardPart(
    request,
    (api, options) => api.call(routes.downloadAttachment, { params: { token, index: Number(index) }, headers }, options),
    { back: `/m/${encodeURIComponent(token)}` },
  );
}
