import { ProblemError } from '../http/problem-error.ts';

/** Answers to one organization that run in this process at a time: a reader who takes nothing keeps a connection of this process open. */
const SLOTS = 3;
/** Seconds after which it is worth asking again. */
const RETRY_AFTER_SECONDS = 10;

/** The exports that run, or the readers of a feed that are answered, by organization. */
export class ExportSlots {
  readonly #running = new Map<string, number>();

  /** @param noun what they are, for whoever is refused. */
  constructor(private readonly noun: 'exports' | 'readers of the feed') {}

  /**
   * @returns how to say that it is over.
   * @throws {ProblemError} `too_many_requests` where as many run as may.
   */
  take(organizationId: string): () => void {
    const running = this.#running.get(organizationId) ?? 0;
    if (running >= SLOTS) {
      const detail = `${SLOTS} ${this.noun} of this organization are being answered: wait until one of them is done`;
      throw new ProblemError('too_many_requests', { detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    this.#running.set(organizationId, running + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#running.get(organizationId) ?? 1) - 1;
      if (left > 0) this.#running.set(organizationId, left);
      else this.#running.delete(organizationId);
    };
  }
}
