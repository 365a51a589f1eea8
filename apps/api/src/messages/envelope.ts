import type { messageRoutes } from '@signet/api-contract/messages';
import type { InputOf } from '../http/input.decorator.ts';
import { invalid } from '../http/problem-error.ts';

/** A mail with its envelope. */
export interface Envelope {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly mail: Buffer;
}

const address = /^[^\s@<>]+@[^\s@<>]+$/u;

/** The envelope: from the query with the mail as the body's bytes, or all of it from JSON. */
export function envelopeOf({ query, body, raw }: Pick<InputOf<typeof messageRoutes.submitMessage>, 'query' | 'body' | 'raw'>): Envelope {
  const sender = raw ? query.sender : body?.sender;
  const recipients = raw ? query.recipient : body?.recipients;
  const mail = raw ?? (body ? Buffer.from(body.raw, 'base64') : undefined);
  const list = raw ? 'recipient' : 'recipients';
  const errors = [
    ...(sender !== undefined && address.test(sender) ? [] : [{ pointer: '/sender', detail: 'must be an address' }]),
    ...(recipients === undefined ? [{ pointer: `/${list}`, detail: 'must name at least one address' }] : []),
    ...(recipients ?? []).flatMap((recipient, index) =>
      address.test(recipient) ? [] : [{ pointer: `/${list}/${index}`, detail: 'must be an address' }],
    ),
    ...(mail === undefined || mail.length === 0 ? [{ pointer: '/raw', detail: 'must be a mail' }] : []),
  ];
  if (errors.length > 0 || sender === undefined || recipients === undefined || mail === undefined) throw invalid(errors);
  return { sender, recipients, mail };
}

/** A mail as intake reads one. */
export async function* piecesOf(mail: Buffer): AsyncGenerator<Uint8Array> {
  yield mail;
}
