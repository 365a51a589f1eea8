import { randomBytes } from 'node:crypto';
import { routes } from '@signet/api-contract/routes';
import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
import { apiFor } from './api/api-client.ts';
import { LINK_HEADER, packLink } from './app/m/link-handover.ts';
import { recipientCredentials } from './app/m/recipient-cookies.ts';
import { refusedResponse } from './app/m/refused-document.ts';
import { refusalOfFailure, refusalOfLink } from './app/m/refusal.ts';
import { env } from './env.ts';
import { LANGUAGE_HEADER, languageOfPage } from './i18n/page-language.ts';
import { securityHeaders } from './security-headers.ts';

/**
 * Stands before every page. Gives it its policy with a nonce of its own; and asks the api for the state of a link, since
 * a page of Next's App Router can answer neither 410 nor 503.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  const settings = env();
  const publicUrl = new URL(settings.PUBLIC_URL);
  const path = request.nextUrl.pathname;
  const more = securityHeaders({
    path,
    nonce: randomBytes(18).toString('base64'),
    development: settings.NODE_ENV === 'development',
    https: publicUrl.protocol === 'https:',
  });
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', more['Content-Security-Policy'] ?? '');
  // Next takes forms of its own origin alone. Without referrer and without script a browser sends a form's origin as `null`
  // (Fetch, "append a request `Origin` header"), yet says by a header that no page can set whether the form is ours.
  if (headers.get('origin') === 'null' && headers.get('sec-fetch-site') === 'same-origin') headers.set('origin', publicUrl.origin);
  // Forms come from our own address, whatever a proxy in front makes of the Host header.
  if (headers.get('origin') === publicUrl.origin) headers.set('x-forwarded-host', publicUrl.host);
  // Only what is asked for here is handed on under this name.
  headers.delete(LINK_HEADER);
  headers.set(LANGUAGE_HEADER, languageOfPage(path, request.headers.get('accept-language')));

  const token = /^\/m\/([^/]+)$/.exec(path)?.[1];
  const asked = token !== undefined && ['GET', 'HEAD'].includes(request.method) ? await askForLink(request, token) : {};
  if (asked.packed !== undefined) headers.set(LINK_HEADER, asked.packed);
  const response = asked.refused ?? NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
  return response;
}

/** The link's state for the page, or the answer that refuses. */
async function askForLink(request: NextRequest, token: string): Promise<{ packed?: string; refused?: Response }> {
  const acceptLanguage = request.headers.get('accept-language');
  try {
    const api = apiFor(request.headers, { ...recipientCredentials(request.cookies), method: request.method });
    const link = await api.call(routes.getLink, { params: { token } });
    const refusal = refusalOfLink[link.state];
    return refusal === null
      ? { packed: packLink(link) }
      : { refused: refusedResponse({ refusal, link, acceptLanguage, logoAddress: `/m/${token}/logo` }) };
  } catch (failure) {
    return { refused: refusedResponse({ refusal: refusalOfFailure(failure), acceptLanguage }) };
  }
}

export const config = { matcher: ['/((?!_next/static|health/).*)'] };
