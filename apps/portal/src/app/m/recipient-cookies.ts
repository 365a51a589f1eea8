import { isSecure, type CookieReader, type CookieWriter } from '../../cookie.ts';

/** How long a browser is known again; longer than any passcode works. Seconds. */
const BROWSER_SECONDS = 24 * 3600;

/** The prefix makes browsers take the cookie from this very host over https alone (RFC 6265bis, 4.1.3.2). */
function named(name: string): string {
  return isSecure() ? `__Host-${name}` : name;
}

/** Lax and not Strict: a link in a mail comes from elsewhere, and must find the session that is there. */
function attributes() {
  return { httpOnly: true, secure: isSecure(), sameSite: 'lax', path: '/' } as const;
}

const SESSION = 'signet-session';
const BROWSER = 'signet-browser';

/** What a browser brings: the recipient's session, and what tells it from other browsers. */
export function recipientCredentials(cookies: CookieReader) {
  return { session: cookies.get(named(SESSION))?.value, browser: cookies.get(named(BROWSER))?.value };
}

/** Keeps a session for as long as the api says; one serves every message to the same address of an organization. */
export function keepSession(cookies: CookieWriter, token: string, expiresAt: string): void {
  cookies.set(named(SESSION), token, { ...attributes(), expires: new Date(expiresAt) });
}

/** Forgets the session in this browser. */
export function forgetSession(cookies: CookieWriter): void {
  cookies.set(named(SESSION), '', { ...attributes(), maxAge: 0 });
}

/** Lets this browser be known again, even after its window was closed. */
export function keepBrowser(cookies: CookieWriter, browser: string): void {
  cookies.set(named(BROWSER), browser, { ...attributes(), maxAge: BROWSER_SECONDS });
}
