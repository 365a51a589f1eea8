import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { MailParser } from 'mailparser';
import type { AddressObject, AttachmentStream, EmailAddress, HeaderValue, MessageText } from 'mailparser';
import type { ParseLimits } from './parse-limits.ts';
import type { FromWorker, ToWorker } from './parse-protocol.ts';
import type { PartMeta, PartSummary, ShownAddress } from './parsed-message.ts';
import { HtmlTooDeepError, htmlFromText, sanitiseHtml } from './sanitise-html.ts';

/** Pieces of a part are gathered up to this size before they cross to the pool's thread, in bytes. */
const PIECE_BYTES = 64 * 1024;

/** The parts of mailparser that its types leave out, as of the pinned version: the limits and the text conversion hook in here. */
interface ParserInternals {
  createNode(node: SplitNode): unknown;
  textToHtml(text: string): string;
}

interface SplitNode {
  /** Missing or false at the top. */
  readonly parentNode?: SplitNode | false;
  readonly headers: { getList(): readonly unknown[] };
}

class MessageRefused extends Error {
  readonly reason: Extract<FromWorker, { type: 'refused' }>['reason'];

  constructor(reason: MessageRefused['reason']) {
    super(`The message is over the limit: ${reason}.`);
    this.reason = reason;
  }
}

function hasInternals(parser: MailParser): parser is MailParser & ParserInternals {
  return 'createNode' in parser && typeof parser.createNode === 'function' && 'textToHtml' in parser;
}

function depthOf(node: SplitNode): number {
  let depth = 0;
  for (let { parentNode } = node; typeof parentNode === 'object'; { parentNode } = parentNode) depth += 1;
  return depth;
}

function newParser(limits: ParseLimits, refuse: (error: Error) => void): MailParser {
  const options = {
    skipHtmlToText: true,
    skipImageLinks: true,
    skipTextLinks: true,
    keepDeliveryStatus: true,
    // A message inside a message is an attachment as a whole, whatever its disposition.
    ignoreEmbedded: true,
    maxChildNodes: limits.parts,
    checksumAlgo: 'sha256',
  };
  const parser = new MailParser(options);
  if (!hasInternals(parser)) throw new Error('This version of mailparser is not the one the limits were made for.');
  const createNode = parser.createNode.bind(parser);
  parser.createNode = (node) => {
    // Reported and not thrown: mailparser calls this from a timer, where a throw ends the thread.
    if (node.headers.getList().length > limits.headerFields) refuse(new MessageRefused('header_fields'));
    if (depthOf(node) > limits.nestedParts) refuse(new MessageRefused('nested_parts'));
    return createNode(node);
  };
  // Only for text that stands between HTML parts, which would otherwise not be shown.
  parser.textToHtml = htmlFromText;
  return parser;
}

function flatten(addresses: readonly EmailAddress[]): ShownAddress[] {
  return addresses.flatMap(({ name, address, group }) =>
    group !== undefined && group.length > 0 ? flatten(group) : [{ name, address: address ?? '' }],
  );
}

function isAddressObject(value: unknown): value is AddressObject {
  return typeof value === 'object' && value !== null && 'value' in value && Array.isArray(value.value);
}

function addressesIn(headers: ReadonlyMap<string, unknown>, name: string): ShownAddress[] {
  const value = headers.get(name);
  return (Array.isArray(value) ? value : [value]).filter(isAddressObject).flatMap((object) => flatten(object.value));
}

function declaredType(part: AttachmentStream): string {
  const declared: HeaderValue | undefined = part.headers.get('content-type');
  const value =
    typeof declared === 'object' && 'value' in declared && typeof declared.value === 'string' ? declared.value : part.contentType;
  return value.trim().toLowerCase();
}

function metaOf(part: AttachmentStream): PartMeta {
  // mailparser leaves the field away where the message has none, and answers false where a name is empty.
  const name = typeof part.filename === 'string' ? part.filename.replace(/[\p{Cc}\u2028\u2029]/gu, '').trim() : '';
  const disposition = typeof part.contentDisposition === 'string' ? part.contentDisposition.trim().toLowerCase() : '';
  const contentId = typeof part.contentId === 'string' ? part.contentId.replace(/^[\s<]+|[\s>]+$/g, '') : '';
  return {
    kind: name !== '' || disposition === 'attachment' ? 'attachment' : 'inline',
    name: name === '' ? null : name,
    contentType: declaredType(part),
    disposition: disposition === '' ? null : disposition,
    contentId: contentId === '' ? null : contentId,
  };
}

/** Hands out what the pool sends, one message at a time. */
class Inbox {
  readonly #port: MessagePort;
  #chunk: ((message: ToWorker) => void) | null = null;
  #ack: (() => void) | null = null;

  constructor(port: MessagePort, start: (message: Extract<ToWorker, { type: 'start' }>) => void) {
    this.#port = port;
    port.on('message', (message: ToWorker) => {
      if (message.type === 'start') start(message);
      else if (message.type === 'ack') this.#ack?.();
      else this.#chunk?.(message);
    });
  }

  post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  /** The next piece of the body; null at its end. */
  async next(): Promise<Uint8Array | null> {
    const answer = new Promise<ToWorker>((resolve) => {
      this.#chunk = resolve;
    });
    this.post({ type: 'next' });
    const message = await answer;
    return message.type === 'chunk' ? message.bytes : null;
  }

  /** Sends one piece of a part and waits until the pool has stored it. */
  async send(pieces: readonly Uint8Array[]): Promise<void> {
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    const stored = new Promise<void>((resolve) => {
      this.#ack = resolve;
    });
    this.post({ type: 'bytes', bytes }, [bytes.buffer]);
    await stored;
  }
}

async function sendPart(inbox: Inbox, part: AttachmentStream): Promise<PartSummary> {
  const meta = metaOf(part);
  inbox.post({ type: 'part', meta });
  const hash = createHash('sha256');
  let size = 0;
  let pieces: Buffer[] = [];
  let gathered = 0;
  if (!(part.content instanceof Readable)) throw new TypeError('mailparser gives parts as streams.');
  const content: AsyncIterable<Buffer> = part.content;
  for await (const piece of content) {
    hash.update(piece);
    size += piece.length;
    pieces.push(piece);
    gathered += piece.length;
    if (gathered >= PIECE_BYTES) {
      await inbox.send(pieces);
      pieces = [];
      gathered = 0;
    }
  }
  if (gathered > 0) await inbox.send(pieces);
  inbox.post({ type: 'partEnd' });
  part.release();
  return { ...meta, size, sha256: hash.digest('hex') };
}

async function feed(inbox: Inbox, parser: MailParser, header: Uint8Array): Promise<void> {
  parser.write(header);
  for (let chunk = await inbox.next(); chunk !== null; chunk = await inbox.next()) {
    if (!parser.write(chunk)) await once(parser, 'drain');
  }
  parser.end();
}

async function parse(inbox: Inbox, header: Uint8Array, limits: ParseLimits): Promise<void> {
  const refused = Promise.withResolvers<never>();
  const parser = newParser(limits, refused.reject);
  let headers: ReadonlyMap<string, unknown> = new Map();
  let body: MessageText | undefined;
  const parts: PartSummary[] = [];
  parser.on('headers', (seen) => {
    headers = seen;
  });
  const read = async (): Promise<void> => {
    for await (const data of parser as AsyncIterable<AttachmentStream | MessageText>) {
      if (data.type === 'attachment') parts.push(await sendPart(inbox, data));
      else body = data;
    }
  };
  await Promise.race([Promise.all([feed(inbox, parser, header), read()]), refused.promise]);
  const contentIds = new Set(parts.flatMap(({ contentId }) => (contentId === null ? [] : [contentId])));
  const { text, html } = body ?? {};
  inbox.post({
    type: 'done',
    message: {
      from: addressesIn(headers, 'from'),
      sender: addressesIn(headers, 'sender'),
      replyTo: addressesIn(headers, 'reply-to'),
      to: addressesIn(headers, 'to'),
      cc: addressesIn(headers, 'cc'),
      text: text === undefined || text === '' ? null : text,
      html: typeof html === 'string' && html !== '' ? sanitiseHtml(html, contentIds) : null,
      parts,
    },
  });
}

function reasonOf(error: unknown): MessageRefused['reason'] {
  if (error instanceof MessageRefused) return error.reason;
  if (error instanceof HtmlTooDeepError) return 'html_too_deep';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EMAXLEN') return error instanceof Error && error.message.includes('child nodes') ? 'parts' : 'header_too_large';
  return 'unparsable';
}

function serve(port: MessagePort): void {
  const inbox: Inbox = new Inbox(port, ({ header, limits }) => {
    parse(inbox, header, limits).catch((error: unknown) => {
      inbox.post({ type: 'refused', reason: reasonOf(error) });
    });
  });
}

// This file is the thread's own program: without a parent there is nobody to serve.
if (parentPort !== null) serve(parentPort);
