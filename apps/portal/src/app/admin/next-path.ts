/** Where members land who asked for nothing in particular. */
export const FIRST_PAGE = '/admin/messages';

/** Where members see to how they sign in. */
export const ACCOUNT_PAGE = '/admin/account';

/**
 * Where to go after sign-in: the page that was asked for, if it is one of the members' own. Anything else, other sites
 * above all, is no place to send anybody.
 */
export function nextPathOf(wanted: string | readonly string[] | null | undefined): string {
  if (typeof wanted !== 'string') return FIRST_PAGE;
  const base = 'http://portal.invalid';
  if (!URL.canParse(wanted, base)) return FIRST_PAGE;
  const url = new URL(wanted, base);
  return url.origin === base && url.pathname.startsWith('/admin/') ? `${url.pathname}${url.search}` : FIRST_PAGE;
}

/** Why a session ended: nobody used it, or none lasts longer. */
export type SessionEnd = 'idle' | 'time';

/** The address of the sign-in page that leads back to `path`; with `ended` it says why one is there. */
export function signInPathFor(path: string, ended?: SessionEnd): string {
  return `/admin?${new URLSearchParams({ next: path, ...(ended === undefined ? {} : { ended }) }).toString()}`;
}
