import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** When so much has passed, what of it is used up is thrown away: a millisecond's work. */
const ENOUGH_BYTES = 8 * 1024 * 1024;

/**
 * Throws used-up memory away while messages pass. Each byte that comes in lies in two buffers, of the socket and of the SMTP parser,
 * both soon used up, and each piece that goes out leaves a trail of small objects. V8 does not look at buffers, which are outside its
 * heap, before 64 MiB of them have gathered, and lets its heap grow as long as much is made: either is all that ten large
 * messages at once should take. So it is asked to look more often.
 */
export class YoungGarbage {
  #passed = 0;
  #collect: unknown = null;

  /** Told of bytes that came in or went out. */
  add(bytes: number): void {
    this.#passed += bytes;
    if (this.#passed < ENOUGH_BYTES) return;
    this.#passed = 0;
    this.#collect ??= exposedCollector();
    if (typeof this.#collect === 'function') this.#collect({ type: 'minor' });
  }
}

/** The collector that V8 hides unless asked for: a context that is made after the asking has it. */
function exposedCollector(): unknown {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
