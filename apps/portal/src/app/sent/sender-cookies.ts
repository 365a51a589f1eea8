import { z } from 'zod';
import { isSecure, secureName, type CookieReader, type CookieWriter } from '../../cookie.ts';

/** How long a browser is known again; longer than any passcode works. Seconds. */
const BROWSER_SECONDS = 24 * 3600;

/** Lax and not Strict: a link in a notice comes from elsewhere, and must find the session. The path keeps it away from all other pages. */
function attributes() {
  return { httpOnly: true, secure: isSecure(), sameSite: 'lax', path: '/sent' } as const;
}

const SESSION = 'signet-sender';
const BROWSER = 'signet-sender-browser';
const PENDING = 'signet-sender-pending';

/** The session token of the signed-in sender. */
export function senderToken(cookies: CookieReader): string | undefined {
  return cookies.get(secureName(SESSION))?.value || undefined;
}

/** Keeps a sender's session for as long as the api says. What was pending is done. */
export function keepSender(cookies: CookieWriter, token: string, expiresAt: string): void {
  cookies.set(secureName(SESSION), token, { ...attributes(), expires: new Date(expiresAt) });
  cookies.set(secureName(PENDING), '', { ...attributes(), maxAge: 0 });
}

/** Forgets the sender's session in this browser. */
export function forgetSender(cookies: CookieWriter): void {
  cookies.set(secureName(SESSION), '', { ...attributes(), maxAge: 0 });
}

/** What tells this browser from others. */
export function senderBrowser(cookies: CookieReader): string | undefined {
  return cookies.get(secureName(BROWSER))?.value || undefined;
}

const pending = z.object({ email: z.string().max(320), reference: z.string().max(16), expiresAt: z.iso.datetime() });

/** A passcode that was asked for in this browser: whoever closes the window finds the box again. */
export type PendingPasscode = z.infer<typeof pending>;

/** Lets this browser be known again, and what it asked for be found again. */
export function keepPending(cookies: CookieWriter, browser: string, asked: PendingPasscode): void {
  cookies.set(secureName(BROWSER), browser, { ...attributes(), maxAge: BROWSER_SECONDS });
  const value = Buffer.from(JSON.stringify(asked)).toString('base64url');
  cookies.set(secureName(PENDING), value, { ...attributes(), expires: new Date(asked.expiresAt) });
}

/** Forgets what was asked for: another address is wanted. */
export function forgetPending(cookies: CookieWriter): void {
  cookies.set(secureName(PENDING), '', { ...attributes(), maxAge: 0 });
}

/** What was asked for in this browser and still works; null for nothing. */
export function pendingPasscode(cookies: CookieReader): PendingPasscode | null {
  const value = cookies.get(secureName(PENDING))?.value;
  if (value === undefined || value === '') return null;
  const read = pending.safeParse(jsonOf(Buffer.from(value, 'base64url').toString('utf8')));
  return read.success && Date.parse(read.data.expiresAt) > Date.now() ? read.data : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
