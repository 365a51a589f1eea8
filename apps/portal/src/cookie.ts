import { env } from './env.ts';

/** What a page's or an act's cookies are read from. */
export interface CookieReader {
  get(name: string): { readonly value: string } | undefined;
}

/** What an act's or a response's cookies are written to. */
export interface CookieWriter {
  set(name: string, value: string, options: object): unknown;
}

/** Whether people reach the portal over https, so that cookies may be kept to it. */
export function isSecure(): boolean {
  return env().PUBLIC_URL.startsWith('https:');
}

/** A cookie's name with the prefix that makes browsers take it over https alone (RFC 6265bis, 4.1.3.1). */
export function secureName(name: string): string {
  return isSecure() ? `__Secure-${name}` : name;
}
