import { networkOf } from '@signet/domain/network';
import { ProblemError } from '../http/problem-error.ts';

/** Requests of one network that pass at once, and how many come back each second. */
const CAPACITY = 2000;
const REFILL_PER_SECOND = 500;
/** Networks remembered at most: a flood from many of them must not fill the memory. */
const REMEMBERED = 20_000;

/** A token bucket per network and process: keeps floods away from the database. What must be exact is counted there. */
export class FloodGate {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** @throws {ProblemError} `too_many_requests`. An address that is not known is not limited here. */
  pass(address: string | null, now = performance.now()): void {
    if (address === null) return;
    const network = networkOf(address);
    const before = this.#buckets.get(network) ?? { tokens: CAPACITY, at: now };
    const tokens = Math.min(CAPACITY, before.tokens + ((now - before.at) / 1000) * REFILL_PER_SECOND);
    if (tokens < 1) throw new ProblemError('too_many_requests', { retryAfterSeconds: 1 });
    // Put last, as the most recently seen one.
    this.#buckets.delete(network);
    this.#buckets.set(network, { tokens: tokens - 1, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > REMEMBERED && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
