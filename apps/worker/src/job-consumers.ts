import type { SystemScope } from '@signet/db/database';
import { shortenLeases } from '@signet/db/outbox';
import { outboxJob, queueNames, type OutboxJob, type QueueName } from '@signet/domain/jobs';
import type { Logger } from 'pino';
import { wordsOf } from './error-words.ts';
import type { JobHandlers } from './job-handler.ts';
import type { Metrics } from './metrics.ts';
import type { QueueConsumer, QueueFactory } from './queue-factory.ts';

/**
 * Jobs of a queue that are worked on at once. One for `ingest` beside another: an organization's log takes one writer at a
 * time, so more would only wait. The mail queues send in lanes within a job besides (see `mail-lanes.ts`).
 */
export const jobConcurrency = { ingest: 2, mail: 4, passcode: 2, account: 1 } as const satisfies Record<QueueName, number>;

/** Seconds until rows whose job broke are handed on again. */
const REPEAT_AFTER = 5;

/** How long jobs in hand may take to finish when the process ends, in milliseconds; then they are left to others. */
const FAREWELL = 20_000;

/** Seconds until rows of jobs that did not finish by then are handed on again: by then the process has ended. */
const LEFT_AFTER = 10;

/** How long the queue may take to let a consumer go, in milliseconds. */
const LEAVE = 2_000;

/** Takes jobs from the queues and gives them to their handlers. */
export class JobConsumers {
  readonly #handlers: JobHandlers;
  readonly #queues: QueueFactory;
  readonly #system: SystemScope;
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  readonly #inHand = new Map<Promise<void>, readonly string[]>();
  #consumers: QueueConsumer[] = [];

  constructor(deps: { handlers: JobHandlers; queues: QueueFactory; system: SystemScope; metrics: Metrics; logger: Logger }) {
    this.#handlers = deps.handlers;
    this.#queues = deps.queues;
    this.#system = deps.system;
    this.#metrics = deps.metrics;
    this.#logger = deps.logger;
  }

  start(): void {
    this.#consumers = queueNames.map((name) => this.#queues.consume(name, jobConcurrency[name], (job) => this.#take(job)));
  }

  /** Takes no further jobs, waits for those in hand, and gives up on them after a while: rows not begun are given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const closed = Promise.all(this.#consumers.map((consumer) => consumer.close()));
    await within(FAREWELL, Promise.all(this.#inHand.keys()));
    if (this.#inHand.size > 0) await this.#leaveToOthers();
    // A queue that is away cannot be taken leave of.
    if (!(await within(LEAVE, closed))) await within(LEAVE, Promise.all(this.#consumers.map((consumer) => consumer.close(true))));
  }

  async #take(job: unknown): Promise<void> {
    const parsed = outboxJob.parse(job);
    const work = this.#work(parsed);
    this.#inHand.set(work, parsed.ids);
    await work.finally(() => this.#inHand.delete(work));
  }

  /** Their leases are cut short to a time by which this process is gone. A mail that was begun waits for its claim all the same. */
  async #leaveToOthers(): Promise<void> {
    this.#logger.warn({ jobs: this.#inHand.size }, 'Jobs in hand took too long and are left to others');
    const ids = [...this.#inHand.values()].flat();
    // Where this fails, they wait for their lease.
    await within(LEAVE, shortenLeases(this.#system, ids, LEFT_AFTER));
  }

  async #work({ kind, ids }: OutboxJob): Promise<void> {
    try {
      await this.#handlers[kind].run(ids, this.#stopping.signal);
      this.#metrics.jobs.inc({ kind, result: 'done' });
      // What was left because the process ends need not wait for its lease: a restart must not hold up a passcode.
      if (this.#stopping.signal.aborted) await shortenLeases(this.#system, ids, 0);
    } catch (error) {
      this.#metrics.jobs.inc({ kind, result: 'failed' });
      this.#logger.error({ kind, rows: ids.length, error: wordsOf(error) }, 'A job broke: its rows are handed on again');
      // Where this fails too, they wait for their lease.
      await shortenLeases(this.#system, ids, REPEAT_AFTER).catch(() => undefined);
    }
  }
}

/** Waits for something, but not for longer than so many milliseconds. @returns whether it came to its end. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const done = work.then(
    () => true as const,
    () => true as const,
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}
