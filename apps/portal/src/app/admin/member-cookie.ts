import { env } from '../../env.ts';

interface CookieReader {
  get(name: string): { readonly value: string } | undefined;
}

interface CookieWriter {
  set(name: string, value: string, options: object): unknown;
}

/** The prefix makes browsers take the cookie over https alone (RFC 6265bis, 4.1.3.1). */
function cookieName(): string {
  return isSecure() ? '__Secure-signet-member' : 'signet-member';
}

function isSecure(): boolean {
  return env().PUBLIC_URL.startsWith('https:');
}

/** Strict: no other site can make the browser send it. The path keeps it away from the recipients' pages, which show what strangers wrote. */
function attributes() {
  return { httpOnly: true, secure: isSecure(), sameSite: 'strict', path: '/admin' } as const;
}

/** The session token of the signed-in member. */
export function memberToken(cookies: CookieReader): string | undefined {
  return cookies.get(cookieName())?.value || undefined;
}

/** Keeps a member's session for as long as the api says. */
export function keepMember(cookies: CookieWriter, token: string, expiresAt: string): void {
  cookies.set(cookieName(), token, { ...attributes(), expires: new Date(expiresAt) });
}

/** Forgets the member's session in this browser. */
export function forgetMember(cookies: CookieWriter): void {
  cookies.set(cookieName(), '', { ...attributes(), maxAge: 0 });
}
