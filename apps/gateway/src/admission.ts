/** Memory that messages in hand may take together, in bytes. */
const BUDGET_BYTES = 256 * 1024 * 1024;
/** What one message takes at most, however large it is: a segment being encrypted, the body kept for parsing, and the parts on their way. */
const MOST_BYTES = 12 * 1024 * 1024;
/** What even a small message takes. */
const LEAST_BYTES = 1024 * 1024;
/** How long a message waits for its turn before its sender is asked to come again. */
const PATIENCE_MILLISECONDS = 30_000;

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/** Lets in as many messages at once as the memory bears; the others wait in order, unread, so that TCP slows their senders down. */
export class Admission {
  readonly #patience: number;
  readonly #waiting: Waiting[] = [];
  #free: number;

  constructor(options: { readonly budgetBytes?: number; readonly patienceMilliseconds?: number } = {}) {
    this.#free = options.budgetBytes ?? BUDGET_BYTES;
    this.#patience = options.patienceMilliseconds ?? PATIENCE_MILLISECONDS;
  }

  /**
   * Waits for room.
   * @param size bytes the client declared, or null.
   * @returns what gives the room back, or null when none came free in time.
   */
  async enter(size: number | null): Promise<(() => void) | null> {
    const bytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, 2 * (size ?? MOST_BYTES)));
    if (this.#waiting.length > 0 || this.#free < bytes) {
      if (!(await this.#turn(bytes))) return null;
    } else {
      this.#free -= bytes;
    }
    return () => {
      this.#free += bytes;
      this.#admitNext();
    };
  }

  #turn(bytes: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        bytes,
        admit: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        // Whoever stands behind may need less.
        this.#admitNext();
        resolve(false);
      }, this.#patience);
      this.#waiting.push(waiting);
    });
  }

  #admitNext(): void {
    for (let next = this.#waiting[0]; next && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.admit();
    }
  }
}
