import { setTimeout as sleep } from 'node:timers/promises';
import { leaseDueRows, shortenLeases, type LeasedRows } from '@signet/db/outbox';
import type { SystemScope } from '@signet/db/database';
import { jobs, type OutboxJob, type QueueName } from '@signet/domain/jobs';
import type { Logger } from 'pino';
import { wordsOf } from './error-words.ts';
import type { QueueFactory } from './queue-factory.ts';

/** Rows leased at once: several jobs of every kind. */
const LEASE_LIMIT = 2_000;

/** How long it sleeps when nothing was due, in milliseconds. */
const IDLE_SLEEP = 150;

/** The same after trouble. */
const TROUBLE_SLEEP = 1_000;

/**
 * Hands due outbox rows to the queue, ids only. It keeps nothing: what it leased and could not hand on is given back, or
 * falls due again by itself when the lease runs out. Any number of relays may run.
 */
export class OutboxRelay {
  readonly #system: SystemScope;
  readonly #queues: QueueFactory;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #trouble: string | null = null;

  constructor(system: SystemScope, queues: QueueFactory, logger: Logger) {
    this.#system = system;
    this.#queues = queues;
    this.#logger = logger;
  }

  /** What keeps it from handing rows on, or null while it works: for readiness. */
  get trouble(): string | null {
    return this.#trouble;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Returns once the pass in hand is over. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * One pass: leases what is due and hands it on.
   * @returns how many rows were handed on.
   * @throws {DatabaseUnavailableError} or {QueueUnavailableError}; no row is lost.
   */
  async handOn(): Promise<number> {
    const leased = await leaseDueRows(this.#system, LEASE_LIMIT);
    let handed = 0;
    for (const [queue, list] of batchesOf(leased)) {
      try {
        await this.#queues.add(queue, list);
        handed += list.reduce((sum, job) => sum + job.ids.length, 0);
      } catch (error) {
        await this.#giveBack(leased);
        throw error;
      }
    }
    return handed;
  }

  /** Those that were handed on before the trouble come twice: their second job finds nothing to do. */
  async #giveBack(leased: readonly LeasedRows[]): Promise<void> {
    const ids = leased.flatMap((rows) => rows.ids);
    await shortenLeases(this.#system, ids, 0).catch(() =>
      this.#logger.warn('Leased rows could not be given back: they wait for their leases'),
    );
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let pause = IDLE_SLEEP;
      try {
        // While there is trouble, no row is leased in vain.
        if (this.#trouble !== null) await this.#queues.check();
        if ((await this.handOn()) > 0) pause = 0;
        if (this.#trouble !== null) this.#logger.info('The relay hands rows on again');
        this.#trouble = null;
      } catch (error) {
        const message = wordsOf(error);
        if (this.#trouble !== message) this.#logger.warn({ error: message }, 'The relay cannot hand rows on');
        this.#trouble = message;
        pause = TROUBLE_SLEEP;
      }
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Jobs of the sizes that the catalog sets, by queue. */
function batchesOf(leased: readonly LeasedRows[]): Map<QueueName, OutboxJob[]> {
  const byQueue = new Map<QueueName, OutboxJob[]>();
  for (const { kind, ids } of leased) {
    const { queue, batch } = jobs[kind];
    const list = byQueue.get(queue) ?? [];
    for (let start = 0; start < ids.length; start += batch) list.push({ kind, ids: ids.slice(start, start + batch) });
    byQueue.set(queue, list);
  }
  return byQueue;
}
