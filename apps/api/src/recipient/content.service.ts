import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { findContent, type ContentPart, type MessageContent } from '@signet/db/content';
import { beginDownload, type Downloadable } from '@signet/db/download';
import { openMessage, recordRefusedReading, type RefusedReading } from '@signet/db/opening';
import { checkOpened } from '@signet/db/recipient-state';
import { Vault } from '@signet/vault/vault';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { LOGGER } from '../settings.ts';
import { BODY_CSP, bodyPageOf } from './body-page.ts';
import { askedRange } from './byte-range.ts';
import { ContentAlarm } from './content-alarm.ts';
import { ReadyContent, streamContent, type StreamEnd } from './content-stream.ts';
import { DownloadBook } from './download-book.ts';
import { harmlessTypeOf, imageTypeOf } from './harmless-type.ts';
import { isOffered, nameOf, openedMessageOf, parseHeaders, readPart, readWhole } from './message-content.ts';
import { RecipientReaderService, type Reader } from './recipient-reader.service.ts';
import { refused } from './refusal.ts';
import { StreamsInFlight } from './streams-in-flight.ts';

/** Content is kept nowhere on its way, and is never taken for something else than it is said to be. */
const contentHeaders = {
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Which file is asked for, and which range of it. */
export interface WantedFile {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/**
 * Gives content to recipients. The order is always the same: decrypt the first frame, so that nothing is recorded that
 * cannot be given; then the transaction that checks and records, or a check alone where an opening covers it; then the
 * first byte.
 */
@Injectable()
export class ContentService implements OnApplicationShutdown {
  readonly #downloads = new Set<Promise<void>>();

  constructor(
    private readonly vault: Vault,
    private readonly readers: RecipientReaderService,
    private readonly streams: StreamsInFlight,
    private readonly alarm: ContentAlarm,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A download's last booking comes after its connection has gone: the database stays open for it. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#downloads);
  }

  /** One deliberate opening: what the message page shows, and the id that body and images are asked for with. */
  async open(reader: Reader) {
    const { link, session, scope, visitor } = reader;
    if (reader.refusal) return this.readers.refuseOpening(reader, reader.refusal, 'POST');
    const content = await this.#contentOf(reader);
    const part = partOf(content, ({ kind }) => kind === 'headers');
    const opening = { operation: 'MessageAccess', name: null } as const;
    const text = await this.#decrypt(reader, part, opening, () => readWhole(readPart(this.vault, link, content, part)));
    const headers = parseHeaders(text);
    const result = await openMessage(scope, link, session, visitor);
    if (result.outcome === 'refused') return this.readers.refuseOpening(reader, result.reason, 'POST');
    const { accessId, expiresAt } = result;
    return { accessId, expiresAt: expiresAt.toISOString(), message: openedMessageOf(link, content, headers) };
  }

  /** The body as a page of its own. A refused one is an event of its own. */
  async sendBody(reader: Reader, accessId: string, reply: FastifyReply): Promise<void> {
    const wanted = { operation: 'MessageAccess', name: null } as const;
    if (reader.refusal) return this.#refuse(reader, wanted, reader.refusal);
    const { link } = reader;
    const content = await this.#contentOf(reader);
    const part = partOf(content, ({ kind }) => kind === 'html');
    const html = await this.#decrypt(reader, part, wanted, () => readWhole(readPart(this.vault, link, content, part)));
    const places = new Map(
      content.parts.flatMap(({ contentId, position }) => (contentId === null ? [] : [[contentId, position] as const])),
    );
    const page = Buffer.from(
      bodyPageOf(html, (contentId) => {
        const position = places.get(contentId);
        return position === undefined ? null : `inline/${position}?access=${accessId}`;
      }),
    );
    const refusal = await checkOpened(reader.scope, link.recipientId, reader.session.id, accessId);
    if (refusal === 'NotOpened') throw notFound();
    if (refusal) return this.#refuse(reader, wanted, refusal);
    const type = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': BODY_CSP, 'content-length': page.length };
    const ready = await ReadyContent.open(once(page));
    await this.#stream(reader, part, reply, { status: 200, headers: { ...contentHeaders, ...type } }, ready);
  }

  /**
   * An image of the body, under the opening that the body was given under. A picture that the body does not show is no part of
   * that opening: it is a file, whose download is an event of its own. Refused ones are gathered per minute.
   */
  async sendInlineImage(reader: Reader, index: number, accessId: string, reply: FastifyReply): Promise<void> {
    if (reader.refusal) return this.readers.refuseOpening(reader, reader.refusal, 'GET');
    const { link } = reader;
    const content = await this.#contentOf(reader);
    const part = partOf(content, ({ position, shownInBody }) => position === index && shownInBody);
    const wanted = { operation: 'MessageAccess', name: null } as const;
    const ready = await this.#decrypt(reader, part, wanted, () => ReadyContent.open(readPart(this.vault, link, content, part)));
    const type = imageTypeOf(ready.firstBytes);
    const refusal = type === null ? 'NotOpened' : await checkOpened(reader.scope, link.recipientId, reader.session.id, accessId);
    if (refusal) await ready.close();
    if (refusal === 'NotOpened') throw notFound();
    if (refusal) return this.readers.refuseOpening(reader, refusal, 'GET');
    const headers = { ...contentHeaders, 'content-type': type ?? '', 'content-disposition': 'inline', 'content-length': part.size };
    await this.#stream(reader, part, reply, { status: 200, headers }, ready);
  }

  /** @param index the part's position in the message, as the opening told it. */
  async sendAttachment(reader: Reader, index: number, wanted: WantedFile, reply: FastifyReply): Promise<void> {
    const content = await this.#contentOf(reader);
    const part = partOf(content, (candidate) => candidate.position === index && isOffered(candidate));
    const name = nameOf(part);
    const download = { operation: 'AttachmentDownload', part: part.part, name, size: part.size } as const;
    const file = { ...wanted, type: harmlessTypeOf(part.contentType), name };
    await this.#untilBooked(this.#download(reader, content, part, download, file, reply));
  }

  /** The message as a file, where it may be taken along, or where there is no other way to read it. */
  async sendOriginal(reader: Reader, wanted: WantedFile, reply: FastifyReply): Promise<void> {
    const content = await this.#contentOf(reader);
    if (!reader.link.forwardingAllowed && content.originalOnly === null) throw new ProblemError('forbidden');
    const part = partOf(content, ({ kind }) => kind === 'original');
    const download = { operation: 'MessageDownload', part: part.part, name: null, size: part.size } as const;
    const file = { ...wanted, type: 'message/rfc822', name: 'message.eml' };
    await this.#untilBooked(this.#download(reader, content, part, download, file, reply));
  }

  async #untilBooked(download: Promise<void>): Promise<void> {
    this.#downloads.add(download);
    await download.finally(() => this.#downloads.delete(download));
  }

  async #download(
    reader: Reader,
    content: MessageContent,
    part: ContentPart,
    download: Downloadable,
    file: WantedFile & { type: string; name: string },
    reply: FastifyReply,
  ): Promise<void> {
    const { link, session, scope, visitor } = reader;
    if (reader.refusal) return this.#refuse(reader, download, reader.refusal);
    const etag = `"${part.sha256}"`;
    const asked = askedRange(file.range, file.ifRange, etag, part.size);
    if (asked === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${part.size}`);
      throw new ProblemError('range_not_satisfiable');
    }
    const { start, end } = asked === 'whole' ? { start: 0, end: part.size } : asked;
    const ready = await this.#decrypt(reader, part, download, () =>
      ReadyContent.open(readPart(this.vault, link, content, part, { start, end })),
    );
    const begun = await beginDownload(scope, link, session, download, visitor).catch(async (error: unknown) => {
      await ready.close();
      throw error;
    });
    if (begun.outcome === 'refused') {
      await ready.close();
      throw refused(begun.reason);
    }
    const headers = {
      ...contentHeaders,
      'content-type': file.type,
      'content-disposition': contentDisposition(file.name),
      'content-security-policy': "default-src 'none'; sandbox",
      'content-length': end - start,
      'accept-ranges': 'bytes',
      etag,
      ...(asked === 'whole' ? {} : { 'content-range': `bytes ${start}-${end - 1}/${part.size}` }),
    };
    const book = new DownloadBook(scope, begun.downloadId, start, this.logger);
    const ended = await this.#stream(reader, part, reply, { status: asked === 'whole' ? 200 : 206, headers }, ready, (bytes) =>
      book.add(bytes),
    );
    if (ended.outcome === 'cut') await book.close({ reason: ended.reason });
    else await book.close(ended.outcome === 'failed' ? { reason: 'ContentDamaged' } : null);
  }

  async #stream(
    reader: Reader,
    part: ContentPart,
    reply: FastifyReply,
    answer: { status: number; headers: Record<string, string | number> },
    content: ReadyContent,
    onSent?: (bytes: number) => void,
  ): Promise<StreamEnd> {
    const { link, session } = reader;
    const streaming = { organizationId: link.organizationId, recipientId: link.recipientId, sessionId: session.id };
    const ended = await streamContent(reply, answer, content, { streams: this.streams, reader: streaming }, onSent);
    if (ended.outcome === 'cut') this.alarm.countCut(ended.reason);
    if (ended.outcome === 'failed') this.alarm.raise(ended.error, link, part.part);
    return ended;
  }

  async #contentOf({ scope, link }: Reader): Promise<MessageContent> {
    const content = await findContent(scope, link.message.messageUid);
    if (!content) throw notFound();
    return content;
  }

  /** Damage that shows before anything has left is a refusal with its event, and an alarm. */
  async #decrypt<T>(reader: Reader, part: ContentPart, wanted: Omit<RefusedReading, 'reason'>, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (this.alarm.raise(error, reader.link, part.part)) await this.#record(reader, wanted, 'ContentDamaged');
      throw error;
    }
  }

  async #refuse(
    reader: Reader,
    wanted: Omit<RefusedReading, 'reason'>,
    reason: Exclude<RefusedReading['reason'], 'ContentDamaged'>,
  ): Promise<never> {
    // A session that ended in between is nobody's any more.
    if (reason !== 'SignedOut') await this.#record(reader, wanted, reason);
    throw refused(reason);
  }

  async #record(reader: Reader, wanted: Omit<RefusedReading, 'reason'>, reason: RefusedReading['reason']): Promise<void> {
    const { scope, link, session, visitor } = reader;
    await this.readers.limitRefusals(reader);
    await recordRefusedReading(scope, link, session, { operation: wanted.operation, name: wanted.name, reason }, visitor);
  }
}

function partOf(content: MessageContent, isWanted: (part: ContentPart) => boolean): ContentPart {
  const part = content.parts.find(isWanted);
  if (!part) throw notFound();
  return part;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
