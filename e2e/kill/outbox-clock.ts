import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSystem } from './running-system.ts';

/** How long a row that was handed to the queue may stay there before it is handed on again, in milliseconds: in life it is its lease. */
const PATIENCE = 2_000;

/** How long a living worker may take to make a mail and hand it over, in milliseconds, on a busy machine. */
const SENDING = 15_000;

/** How long a living worker goes on trying to record an answer, in milliseconds; after it a claim is nobody's. */
const RECORDING = 35_000;

interface WaitingRow {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string | null;
  readonly message_uid: string | null;
  /** Somebody sends it now, or died while doing so. */
  readonly claimed: boolean;
  readonly dead: boolean;
  readonly last_error: string | null;
}

/**
 * Lets the outbox come to rest, and lets time pass for it meanwhile: leases and claims run out after 1 to 5 minutes, which
 * nobody wants to wait for in each round. What is done here is what those minutes would do, and nothing else.
 */
export class OutboxClock {
  readonly #system: RunningSystem;
  /** Recipients whose mail was claimed by a worker that was killed: theirs may come again. */
  readonly cutOff = new Set<string>();
  /** Recipients whose mail the next hop has, and whose answer no living worker could record: theirs may come again too. */
  readonly unrecorded = new Set<string>();
  readonly #hasArrived: (recipient: string) => boolean;
  readonly #claimedSince = new Map<string, number>();

  /** @param hasArrived whether the next hop has the wrapper mail of a recipient. */
  constructor(system: RunningSystem, hasArrived: (recipient: string) => boolean) {
    this.#system = system;
    this.#hasArrived = hasArrived;
  }

  /** To be called when a worker has just died: what it had claimed falls due, as it would when the claim runs out. */
  async endClaimsOfTheDead(): Promise<void> {
    const claimed = await this.#system.query<{ recipient: string | null }>(
      `update outbox set next_attempt_at = clock_timestamp(), leased_until = null
       where dead_at is null and next_attempt_at > clock_timestamp() and leased_until is not null
       returning payload ->> 'recipientId' as recipient`,
    );
    for (const { recipient } of claimed) if (recipient !== null) this.cutOff.add(recipient);
  }

  /** Lets time pass, from the kill on, until what is waited for is over. */
  async passWhile(waitedFor: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    const watched = waitedFor.finally(() => over.abort());
    const passing = async () => {
      for (; !over.signal.aborted; await sleep(PATIENCE, undefined, over).catch(() => undefined)) await this.#pass(await this.#rows());
    };
    await Promise.all([watched, passing()]);
  }

  /** Waits until nothing is left to do. @throws when rows die or stay. */
  async rest(deadline: number): Promise<void> {
    for (let passedAt = Date.now(); ; await sleep(200)) {
      const rows = await this.#rows();
      const dead = rows.filter((row) => row.dead);
      if (dead.length > 0) throw new Error(`Dead rows: ${JSON.stringify(dead)}`);
      if (rows.length === 0) return;
      if (Date.now() > deadline) throw new Error(`${rows.length} outbox rows stay, such as ${JSON.stringify(rows.slice(0, 5))}`);
      if (Date.now() - passedAt < PATIENCE) continue;
      await this.#pass(rows);
      passedAt = Date.now();
    }
  }

  async #pass(rows: readonly WaitingRow[]): Promise<void> {
    await this.#handOnAgain();
    await this.#endOldClaims(rows);
  }

  /** What waits, in words for people. */
  async story(): Promise<string> {
    return JSON.stringify(
      await this.#system.query(
        "select id, kind, payload ->> 'recipientId' as recipient, attempts, next_attempt_at, leased_until, last_error, dead_at from outbox",
      ),
    );
  }

  #rows(): Promise<WaitingRow[]> {
    return this.#system.query<WaitingRow>(
      `select id::text, kind, payload ->> 'recipientId' as recipient, message_uid::text, dead_at is not null as dead, last_error,
         next_attempt_at > clock_timestamp() and leased_until is not null as claimed
       from outbox order by id`,
    );
  }

  /** A queue that was wiped forgets what it was given: the relay hands it on again once the leases are over. A second job does no harm. */
  async #handOnAgain(): Promise<void> {
    await this.#system.query(
      'update outbox set leased_until = null where dead_at is null and leased_until is not null and next_attempt_at <= clock_timestamp()',
    );
  }

  /**
   * Claims whose transaction was cut off by the database's end, so that no worker knows of them: a mail that never left is
   * begun again soon, one that the next hop has only when the worker would have given up recording its answer.
   */
  async #endOldClaims(rows: readonly WaitingRow[]): Promise<void> {
    const since = this.#claimedSince;
    for (const { id, claimed, recipient } of rows) {
      if (!claimed) {
        since.delete(id);
        continue;
      }
      const begun = since.get(id) ?? Date.now();
      since.set(id, begun);
      const arrived = recipient !== null && this.#hasArrived(recipient);
      if (Date.now() - begun < (arrived ? RECORDING : SENDING)) continue;
      if (arrived) this.unrecorded.add(recipient);
      since.delete(id);
      await this.#system.query('update outbox set next_attempt_at = clock_timestamp(), leased_until = null where id = $1', [id]);
    }
  }
}
