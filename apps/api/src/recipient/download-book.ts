import { setTimeout as sleep } from 'node:timers/promises';
import type { OrganizationScope } from '@signet/db/database';
import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
import { bookDownload, type DownloadEnd } from '@signet/db/download';
import type { Logger } from 'pino';

/** How often a running download's progress is booked; well below the idle time after which its event goes out by itself. */
const BOOK_MILLISECONDS = 3_000;

/** Pauses before the last booking is tried again, in milliseconds: over a restart of the database, and not past the event's idle time. */
const LAST_PAUSES = [200, 500, 1_000, 2_000, 3_000, 4_000];

/** Keeps one download's books while it streams: how much has left, and that it still goes on. */
export class DownloadBook {
  readonly #scope: OrganizationScope;
  readonly #downloadId: string | null;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;
  #booked: number;
  #sent: number;
  #last: Promise<void> = Promise.resolve();

  /** @param downloadId null on an untracked message, where nothing is booked. `start` is where in the part the range begins. */
  constructor(scope: OrganizationScope, downloadId: string | null, start: number, logger: Logger) {
    this.#scope = scope;
    this.#downloadId = downloadId;
    this.#logger = logger;
    this.#booked = start;
    this.#sent = start;
    this.#timer = setInterval(() => void this.#book(null), BOOK_MILLISECONDS);
  }

  add(bytes: number): void {
    this.#sent += bytes;
  }

  /** Books the rest; while the database is away that is tried again. @param end given when the download was cut. */
  async close(end: DownloadEnd | null): Promise<void> {
    clearInterval(this.#timer);
    await this.#book(end, LAST_PAUSES);
  }

  /** One booking at a time. One that fails is made good by the next: the event has what was booked, and goes out by itself. */
  #book(end: DownloadEnd | null, pauses: readonly number[] = []): Promise<void> {
    const before = this.#last;
    this.#last = this.#bookAfter(before, end, pauses);
    return this.#last;
  }

  async #bookAfter(before: Promise<void>, end: DownloadEnd | null, pauses: readonly number[]): Promise<void> {
    await before;
    if (this.#downloadId === null) return;
    const sent = this.#sent;
    for (const pause of [...pauses, null]) {
      try {
        // Should the database have ended between doing it and saying so, bytes count twice: more than left, never less.
        await bookDownload(this.#scope, this.#downloadId, { start: this.#booked, end: sent }, end);
        this.#booked = sent;
        return;
      } catch (error) {
        if (pause === null || !(error instanceof DatabaseUnavailableError)) {
          this.#logger.warn({ err: error, downloadId: this.#downloadId }, 'a download’s progress could not be booked');
          return;
        }
        await sleep(pause);
      }
    }
  }
}
