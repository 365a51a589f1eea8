/** RFC 5321, 4.5.3.1.3: a path has 256 octets, its angle brackets included. */
const OCTETS = 254;

/** A Dot-string of RFC 5321 (4.1.2), with the characters beyond ASCII that RFC 6531 adds, less those that nobody sees. */
const ATOM = String.raw`(?:[A-Za-z0-9!#$%&'*+\-/=?^_\x60{|}~]|(?![\p{Z}\p{C}])[^\p{ASCII}])+`;
const DOT_STRING = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*$`, 'u');

/** A Quoted-string of RFC 5321; spaces, which many systems lose, and quoted angle brackets are left to nobody's guess. */
const QUOTED_STRING = new RegExp(String.raw`^"(?:(?![<>"\\])[\u0021-\u007e]|(?![\p{Z}\p{C}])[^\p{ASCII}]|\\[\u0021-\u007e])+"$`, 'u');

/** Labels of letters, digits and hyphens; the last one is no number, so that no IPv4 address is taken for a name. */
const LABEL = String.raw`(?!-)(?:[A-Za-z0-9\-]|(?![\p{Z}\p{C}])[^\p{ASCII}]|[\u200c\u200d]){1,63}(?<!-)`;
const DOMAIN = new RegExp(String.raw`^${LABEL}(?:\.${LABEL})*$`, 'u');
const NUMERIC_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i;

/** An address literal: what is in it, its user's resolver decides. */
const LITERAL = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9a-f:.]{2,45})\]$/i;

/**
 * Whether a text is one mail address as an envelope carries it (RFC 5321 Mailbox, RFC 6531), that every system reads as the
 * same one: no list, comment, route or display name, and nothing in its local part that needs quotes and has none.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || new TextEncoder().encode(text).length > OCTETS) return false;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  const localFits = DOT_STRING.test(local) || QUOTED_STRING.test(local);
  return localFits && (LITERAL.test(domain) || (DOMAIN.test(domain) && !NUMERIC_END.test(domain)));
}
