/** Where senders find their messages, and where they sign in. */
export const SENT_PAGE = '/sent';

/** Where senders say what they want to be told by mail: mails lead there. */
export const NOTICES_PAGE = '/sent/notices';

/** Signet's page of a message among the sender's own. */
export function sentPath(id: string): string {
  return `${SENT_PAGE}/messages/${encodeURIComponent(id)}`;
}

/** The address of the sign-in page that leads back to `path`. */
export function signInPathFor(path: string): string {
  return `${SENT_PAGE}?${new URLSearchParams({ next: path }).toString()}`;
}

/** Where to go after sign-in: the page that was asked for, if it is one of the senders' own; other sites are no place to send anybody. */
export function nextPathOf(wanted: unknown): string {
  if (typeof wanted !== 'string') return SENT_PAGE;
  const base = 'http://portal.invalid';
  if (!URL.canParse(wanted, base)) return SENT_PAGE;
  const url = new URL(wanted, base);
  const isOurs = url.origin === base && (url.pathname === SENT_PAGE || url.pathname.startsWith(`${SENT_PAGE}/`));
  return isOurs ? `${url.pathname}${url.search}` : SENT_PAGE;
}
