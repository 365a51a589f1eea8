import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { forwardPart, onlyGet } from '../../../forward-part.ts';

export { onlyGet as HEAD };

/** An image of the body. */
export async function GET(
  request: NextRequest,
  { params }: { readonly params: Promise<{ token: string; index: string }> },
): Promise<Response> {
  const { token, index } = await params;
  const access = request.nextUrl.searchParams.get('access') ?? '';
  return forwardPart(request, (api, options) =>
    api.call(routes.getInlineImage, { params: { token, index: Number(index) }, query: { access } }, options),
  );
}
