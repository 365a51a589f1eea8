import type { BenchSignet } from './bench-signet.ts';
import { readPasscode } from './mailbox.ts';
import type { RecipientLink } from './mailbox.ts';

/** A link whose recipient has signed in. */
export interface ReaderLink extends RecipientLink {
  readonly session: string;
}

/** What an opening answers, as far as the bench needs it. */
export interface Opened {
  readonly accessId: string;
  readonly message: { readonly attachments: readonly { readonly index: number; readonly size: number }[] };
}

let visits = 0;

/**
 * The headers by which the portal speaks for a visitor. Every call is another visitor's address: what is measured is an opening, not
 * the gate that holds back floods from one address.
 */
export function portalHeaders(signet: BenchSignet, session?: string): Record<string, string> {
  visits = (visits + 1) % 0xff_ffff;
  const address = `10.${(visits >> 16) & 255}.${(visits >> 8) & 255}.${visits & 255}`;
  return {
    'x-signet-portal-secret': signet.portalSecret,
    'x-signet-visitor-ip': address,
    'x-signet-visitor-agent': 'Mozilla/5.0 (X11; Linux x86_64) bench',
    ...(session === undefined ? {} : { 'x-signet-session': session }),
  };
}

/** Signs every address in once, with a passcode out of its mailbox; a session is good for all messages to the same address. */
export async function signIn(signet: BenchSignet, links: readonly RecipientLink[]): Promise<ReaderLink[]> {
  const first = new Map(links.map((link) => [link.address, link.token]));
  const sessions = new Map<string, string>();
  for (const [address, token] of first) {
    const headers = portalHeaders(signet);
    const asked: { reference: string; browser: string } = JSON.parse(await post(`${signet.apiUrl}/v1/links/${token}/passcodes`, headers));
    const passcode = await readPasscode(signet.mailboxUrl, asked.reference);
    const browser = { ...headers, 'x-signet-browser': asked.browser, 'content-type': 'application/json' };
    const answer = await post(`${signet.apiUrl}/v1/links/${token}/session`, browser, JSON.stringify({ passcode }));
    const begun: { token: string } = JSON.parse(answer);
    sessions.set(address, begun.token);
  }
  return links.map((link) => ({ ...link, session: sessions.get(link.address) ?? '' }));
}

/** Opens a message, without its body. */
export async function open(signet: BenchSignet, { token, session }: ReaderLink): Promise<Opened> {
  const opened: Opened = JSON.parse(await post(`${signet.apiUrl}/v1/links/${token}/access`, portalHeaders(signet, session)));
  return opened;
}

async function post(url: string, headers: Record<string, string>, body?: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`The api answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}
