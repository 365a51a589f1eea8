/** Failures that a network may have in one window, and the window's length. */
const LIMIT = 10;
const WINDOW_MILLISECONDS = 10 * 60_000;
/** Networks remembered at most: over it the oldest is forgotten, so that no flood fills the memory. */
const REMEMBERED = 10_000;

/** Counts failed sign-ins per network, in this process. A window begins with a network's first failure. */
export class FailureThrottle {
  readonly #windows = new Map<string, { readonly endsAt: number; count: number }>();
  readonly #now: () => number;

  /** @param now a clock in milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether the network has used up its failures; further tries are then not even looked at. */
  isBlocked(network: string): boolean {
    const window = this.#windows.get(network);
    return window !== undefined && window.endsAt > this.#now() && window.count >= LIMIT;
  }

  /** Books a failure. */
  add(network: string): void {
    const known = this.#windows.get(network);
    if (known && known.endsAt > this.#now()) {
      known.count += 1;
      return;
    }
    this.#windows.delete(network);
    this.#windows.set(network, { endsAt: this.#now() + WINDOW_MILLISECONDS, count: 1 });
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > REMEMBERED && oldest !== undefined) this.#windows.delete(oldest);
  }
}
