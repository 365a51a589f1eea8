import { randomBytes } from 'node:crypto';
import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
import { env } from './env.ts';
import { securityHeaders } from './security-headers.ts';

/** Stands before every page: its policy with a nonce of its own. */
export function proxy(request: NextRequest): NextResponse {
  const settings = env();
  const publicUrl = new URL(settings.PUBLIC_URL);
  const nonce = randomBytes(18).toString('base64');
  const more = securityHeaders({
    path: request.nextUrl.pathname,
    nonce,
    development: settings.NODE_ENV === 'development',
    https: publicUrl.protocol === 'https:',
  });
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', more['Content-Security-Policy'] ?? '');
  // Forms come from our own address, whatever a proxy in front makes of the Host header.
  if (headers.get('origin') === publicUrl.origin) headers.set('x-forwarded-host', publicUrl.host);
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: ['/((?!_next/static|health/).*)'] };
