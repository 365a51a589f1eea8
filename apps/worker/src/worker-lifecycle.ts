import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { wordsOf } from './error-words.ts';

/** A part of the process that runs by itself until it is stopped. */
export interface RunningPart {
  readonly name: string;
  start?(): unknown;
  stop(): unknown;
}

/**
 * Starts the parts in their order and stops them in the reverse one: whoever hands work on stops before whoever does it,
 * and the doors to database and queue are shut last.
 */
export class WorkerLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: readonly RunningPart[];
  readonly #logger: Logger;

  constructor(parts: readonly RunningPart[], logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const part of this.#parts) await part.start?.();
    this.#logger.info('The worker runs');
  }

  async onApplicationShutdown(): Promise<void> {
    for (const part of this.#parts.toReversed()) {
      try {
        await part.stop();
      } catch (error) {
        // The others are to be stopped all the same.
        this.#logger.warn({ part: part.name, error: wordsOf(error) }, 'A part did not stop cleanly');
      }
    }
    this.#logger.info('The worker has stopped');
  }
}
