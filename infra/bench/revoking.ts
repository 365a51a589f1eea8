import type { BenchSignet } from './bench-signet.ts';
import type { ReaderLink } from './recipient.ts';

/** A message with the links of its recipients. */
export interface SentMessage {
  readonly id: string;
  readonly links: readonly ReaderLink[];
}

/** Revokes a message, or takes that back. @returns how long the answer took, in milliseconds */
export async function changeAccess(signet: BenchSignet, id: string, change: 'revocation' | 'restoration'): Promise<number> {
  const begin = performance.now();
  await ask(signet, 'POST', `/v1/messages/${id}/${change}`);
  return performance.now() - begin;
}

/** A page of a search for messages: ids, and where the next page begins. */
export async function findMessages(
  signet: BenchSignet,
  query: Readonly<Record<string, string>>,
): Promise<{ ids: string[]; nextCursor: string | null }> {
  const answer = await ask(signet, 'GET', `/v1/messages?${new URLSearchParams(query).toString()}`);
  const page: { items: { id: string }[]; nextCursor: string | null } = JSON.parse(answer);
  return { ids: page.items.map(({ id }) => id), nextCursor: page.nextCursor };
}

async function ask(signet: BenchSignet, method: string, path: string): Promise<string> {
  const answer = await fetch(`${signet.apiUrl}${path}`, { method, headers: { authorization: `Bearer ${signet.acme.apiKey}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The api answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}
