import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@signet/db/database';
import { refusedReaders, type ReadingRefusal, type StreamingReader } from '@signet/db/recipient-state';
import type { Logger } from 'pino';
import type { Settings } from '../env.ts';
import { LOGGER, SETTINGS } from '../settings.ts';

/** How often the database is asked about the streams in flight, and how long its answer may take. */
const ASK_MILLISECONDS = 500;
const ANSWER_MILLISECONDS = 1_000;

export type CutReason = ReadingRefusal | 'Unavailable';

interface Stream {
  readonly reader: StreamingReader;
  readonly cut: (reason: CutReason) => void;
}

/**
 * The content that this process is streaming, and to whom. Twice a second the primary is asked, in one statement, whether
 * those readers may still have it; whoever may not is cut. Where no answer comes within a second, everybody is: whoever
 * cannot know must not send. The question has a connection of its own, so that a busy pool does not look like silence.
 */
@Injectable()
export class StreamsInFlight implements OnApplicationShutdown {
  readonly #streams = new Set<Stream>();
  readonly #database: Database;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #asking = false;

  constructor(@Inject(SETTINGS) settings: Settings, @Inject(LOGGER) logger: Logger) {
    this.#logger = logger;
    this.#database = new Database({
      url: settings.DATABASE_URL,
      applicationName: 'signet-api-streams',
      maxConnections: 1,
      queryTimeoutMilliseconds: ANSWER_MILLISECONDS,
    });
  }

  /** @returns how to say that the stream is over. */
  add(reader: StreamingReader, cut: (reason: CutReason) => void): () => void {
    const stream = { reader, cut };
    this.#streams.add(stream);
    this.#timer ??= setInterval(() => void this.#ask(), ASK_MILLISECONDS);
    return () => {
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#stopAsking();
    };
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Cuts every stream: the process ends, and whoever still reads has had their time. */
  cutAll(): void {
    this.#cut([...this.#streams], () => 'Unavailable');
  }

  /** Comes once no connection is left: until then, who may not read any more is cut as ever. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopAsking();
    await this.#database.close();
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const asked = [...this.#streams];
    const tooLate = Promise.withResolvers<never>();
    const timer = setTimeout(() => tooLate.reject(new Error('no answer in time')), ANSWER_MILLISECONDS);
    try {
      const readers = asked.map(({ reader }) => reader);
      const refused = await Promise.race([refusedReaders(this.#database.system, readers), tooLate.promise]);
      const reasons = new Map(refused.map(({ position, reason }) => [asked[position], reason]));
      this.#cut(
        asked.filter((stream) => reasons.has(stream)),
        (stream) => reasons.get(stream) ?? 'NotAvailable',
      );
    } catch (error) {
      this.#logger.error({ err: error, streams: this.#streams.size }, 'cannot know who may still read: every stream is cut');
      this.cutAll();
    } finally {
      clearTimeout(timer);
      this.#asking = false;
    }
  }

  #cut(streams: readonly Stream[], reasonOf: (stream: Stream) => CutReason): void {
    for (const stream of streams) stream.cut(reasonOf(stream));
  }

  #stopAsking(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
