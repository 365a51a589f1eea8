import { setTimeout as sleep } from 'node:timers/promises';

export interface Part {
  readonly name: string;
  /**
   * Starts it and waits until it is ready.
   * @returns what resolves when it ends, asked for or not, with words that say how.
   * @throws with words for people when it does not become ready; nothing of it is left then.
   */
  readonly start: () => Promise<{ readonly ended: Promise<string> }>;
}

export interface Supervision {
  readonly say: (line: string) => void;
  /** Told when a part ended by itself and does not become ready again, with the last trouble. */
  readonly onGiveUp: (trouble: string) => void;
  /** Aborted when the part is stopped on purpose. */
  readonly signal: AbortSignal;
  /** Pause before the first new start, in milliseconds; it doubles with every further one. */
  readonly firstPause?: number;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
/** A part that ran for so long before it ended is not one that ends again and again, in milliseconds. */
const CALM = 60_000;
/** New starts in a row that may fail: a database that recovers from a crash refuses everybody for a while. */
const TRIES = 10;

/**
 * Starts a part and keeps it running: where it ends by itself it is started again, after pauses that grow, and that is said.
 * @returns once it is ready for the first time. @throws when it does not become so.
 */
export async function supervise(part: Part, supervision: Supervision): Promise<void> {
  const { ended } = await part.start();
  void keepRunning(part, ended, supervision);
}

async function keepRunning(part: Part, firstEnd: Promise<string>, supervision: Supervision): Promise<void> {
  const { signal, say, onGiveUp } = supervision;
  let ended = firstEnd;
  let deaths = 0;
  for (;;) {
    const readyAt = Date.now();
    const how = await ended;
    if (signal.aborted) return;
    deaths = Date.now() - readyAt > CALM ? 1 : deaths + 1;
    say(`${part.name} ended (${how}) and is started again`);
    const next = await startAgain(part, deaths, supervision);
    if (signal.aborted) return;
    if (typeof next === 'string') return onGiveUp(`${part.name} does not become ready again. ${next}`);
    say(`${part.name} is ready again`);
    ended = next.ended;
  }
}

/** @returns the last trouble when it cannot be done. */
async function startAgain({ start }: Part, deaths: number, { signal, firstPause = FIRST_PAUSE }: Supervision) {
  let trouble = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    await sleep(Math.min(LONGEST_PAUSE, firstPause * 2 ** (deaths - 1 + tries)), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    try {
      return await start();
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
  }
  return trouble;
}
