import type { Readable } from 'node:stream';
import type { messageRoutes } from '@signet/api-contract/messages';
import { YoungGarbage } from '@signet/vault/young-garbage';
import type { InputOf } from '../http/input.decorator.ts';
import { invalid } from '../http/problem-error.ts';

/** A mail with its envelope. */
export interface Envelope {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** To be read once. */
  readonly mail: AsyncIterable<Uint8Array>;
}

type MailInput = Pick<InputOf<typeof messageRoutes.submitMessage>, 'query' | 'body' | 'raw'>;

const youngGarbage = new YoungGarbage();

const address = /^[^\s@<>]+@[^\s@<>]+$/u;

/** The envelope: from the query with the mail as the body's bytes, or all of it from JSON. */
export async function envelopeOf({ query, body, raw }: MailInput): Promise<Envelope> {
  const sender = raw ? query.sender : body?.sender;
  const recipients = raw ? query.recipient : body?.recipients;
  const mail = raw ? await begun(raw) : body ? piecesOf(Buffer.from(body.raw, 'base64')) : undefined;
  const list = raw ? 'recipient' : 'recipients';
  const errors = [
    ...(sender !== undefined && address.test(sender) ? [] : [{ pointer: '/sender', detail: 'must be an address' }]),
    ...(recipients === undefined ? [{ pointer: `/${list}`, detail: 'must name at least one address' }] : []),
    ...(recipients ?? []).flatMap((recipient, index) =>
      address.test(recipient) ? [] : [{ pointer: `/${list}/${index}`, detail: 'must be an address' }],
    ),
    ...(mail === undefined ? [{ pointer: '/raw', detail: 'must be a mail' }] : []),
  ];
  if (errors.length > 0 || sender === undefined || recipients === undefined || mail === undefined) throw invalid(errors);
  return { sender, recipients, mail };
}

/** A stream of bytes of which the first have come; undefined where none will. */
async function begun(stream: Readable): Promise<AsyncIterable<Uint8Array> | undefined> {
  const pieces: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  const first = await pieces.next();
  return first.done === true ? undefined : from(first.value, pieces);
}

async function* from(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    youngGarbage.add(next.value.length);
    yield next.value;
  }
}

async function* piecesOf(mail: Buffer): AsyncGenerator<Uint8Array> {
  yield mail;
}
