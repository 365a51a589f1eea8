import { setTimeout as sleep } from 'node:timers/promises';
import { auditEventRoutes } from '@signet/api-contract/audit-events';
import type { Client } from '@signet/api-contract/client';
import { Chance } from './chance.ts';
import { unanswered } from './no-answer.ts';

/** Events a second that come in, whatever becomes of them. */
const RATE = 1_000;
/** Events of one request. */
const BATCH = 100;
/** Requests on their way at once. */
const CONNECTIONS = 32;
/** Requests that wait for their turn at most: where the system cannot keep up, the load is what it can. */
const WAITING = 500;
/** A request that has no answer by then never gets one, in milliseconds. */
const PATIENCE = 30_000;

/** One in so many batches whose first request got no answer is never sent again; one in so many acknowledged ones is sent once more. */
const GIVEN_UP = 10;
const REPEATED = 50;

/** Events that are sent together, and sent again together: the same every time. */
interface Batch {
  readonly number: number;
  readonly at: string;
  /** Some request got no answer: what it holds may have been taken. */
  isUncertain: boolean;
}

/** What the requests came to, in figures. */
export interface LoadFigures {
  acknowledged: number;
  /** Requests without an answer, and with each status of "not now". */
  cut: number;
  tooMany: number;
  unavailable: number;
  /** Batches that were acknowledged only when they were sent again after a request without an answer: as new, or as known. */
  takenLater: number;
  knownLater: number;
  /** Batches that were sent again after they had been acknowledged. */
  repeated: number;
  givenUp: number;
}

/**
 * An integration that states 1,000 events a second, as they come: who is away finds them waiting. What got no answer is sent again
 * under the same ids, what is told to wait waits as long as it is told.
 */
export class EventLoad {
  readonly figures: LoadFigures = {
    acknowledged: 0,
    cut: 0,
    tooMany: 0,
    unavailable: 0,
    takenLater: 0,
    knownLater: 0,
    repeated: 0,
    givenUp: 0,
  };
  /** Answers that should not be. */
  readonly faults: string[] = [];
  readonly #api: Client;
  readonly #chance: Chance;
  readonly #prefix: string;
  /** What became of each batch. */
  readonly #states: ('open' | 'acknowledged' | 'given up')[] = [];
  readonly #open = new Set<Promise<void>>();
  readonly #begun = Date.now();
  #asking = 0;
  #ended = 0;
  readonly #running: Promise<void>;

  constructor(api: Client, seed: number) {
    this.#api = api;
    this.#chance = new Chance(seed);
    this.#prefix = `${seed.toString(16).padStart(8, '0')}-0000-7000-8000-`;
    this.#running = this.#run();
  }

  /** Events that came in each second, until now or the end: fewer than they should where the system could not keep up. */
  get rate(): number {
    return (this.#states.length * BATCH) / (((this.#ended || Date.now()) - this.#begun) / 1000);
  }

  /** Makes no more events, and returns once all that there are have been acknowledged or given up. */
  async stop(): Promise<void> {
    this.#ended = Date.now();
    await this.#running;
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  /**
   * Compares what was answered with what is there.
   * @param found how often each event is there, by its place: `placeOf`.
   * @returns what is wrong, and how many events are there.
   */
  compare(found: ReadonlyMap<number, number>): { readonly faults: string[]; readonly present: number; readonly ofGivenUp: number } {
    const faults = [...this.faults];
    let present = 0;
    let ofGivenUp = 0;
    for (const [number, state] of this.#states.entries()) {
      const copies = Array.from({ length: BATCH }, (_, index) => found.get(number * BATCH + index) ?? 0);
      const there = copies.filter((count) => count > 0).length;
      present += there;
      if (state === 'given up') ofGivenUp += there;
      const isWhole = there === BATCH || (there === 0 && state === 'given up');
      if (!isWhole) faults.push(`${there} of ${BATCH} events of request ${number} are there, which was ${state}`);
      if (copies.some((count) => count > 1)) faults.push(`events of request ${number} are there ${Math.max(...copies)} times`);
    }
    const made = this.#states.length * BATCH;
    const foreign = [...found.keys()].filter((place) => place >= made);
    return { faults: [...faults, ...foreign.map((place) => `nobody sent event ${place}`)], present, ofGivenUp };
  }

  /** The place of an event of this load, from its id; null for any other. */
  placeOf(id: string): number | null {
    return id.startsWith(this.#prefix) ? Number.parseInt(id.slice(this.#prefix.length), 16) : null;
  }

  async #run(): Promise<void> {
    while (this.#ended === 0) {
      const due = ((Date.now() - this.#begun) / 1000) * (RATE / BATCH);
      while (this.#states.length < due && this.#open.size < WAITING) {
        const batch: Batch = { number: this.#states.length, at: new Date().toISOString(), isUncertain: false };
        this.#states.push('open');
        this.#keep(this.#deliver(batch));
      }
      await sleep(10);
    }
  }

  /** An error that has no place here is a fault, and ends its own batch alone. */
  #keep(work: Promise<void>): void {
    const kept = work
      .catch((error: unknown) => {
        this.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      })
      .finally(() => this.#open.delete(kept));
    this.#open.add(kept);
  }

  async #deliver(batch: Batch): Promise<void> {
    const receipt = await this.#untilTaken(batch);
    if (receipt === null) {
      this.#states[batch.number] = 'given up';
      this.figures.givenUp += 1;
      return;
    }
    this.#states[batch.number] = 'acknowledged';
    this.figures.acknowledged += BATCH;
    const { accepted, duplicates } = receipt;
    const isNew = accepted === BATCH && duplicates === 0;
    const isKnown = accepted === 0 && duplicates === BATCH && batch.isUncertain;
    if (!isNew && !isKnown) this.faults.push(`Request ${batch.number} was answered ${JSON.stringify(receipt)}`);
    if (batch.isUncertain && isNew) this.figures.takenLater += 1;
    if (isKnown) this.figures.knownLater += 1;
    if (this.#chance.below(REPEATED) === 0) await this.#repeat(batch);
  }

  /** @returns null when it was given up. */
  async #untilTaken(batch: Batch) {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#ask(batch);
      if ('accepted' in answer) return answer;
      if (answer.status === null && tries === 1 && this.#chance.below(GIVEN_UP) === 0) return null;
      if (answer.status !== 429) batch.isUncertain = true;
      await sleep(answer.pause);
    }
  }

  async #repeat(batch: Batch): Promise<void> {
    for (;;) {
      const answer = await this.#ask(batch);
      if ('accepted' in answer) {
        this.figures.repeated += 1;
        if (answer.duplicates !== BATCH) this.faults.push(`Request ${batch.number} was answered ${JSON.stringify(answer)} once more`);
        return;
      }
      await sleep(answer.pause);
    }
  }

  async #ask(batch: Batch) {
    while (this.#asking >= CONNECTIONS) await sleep(5);
    this.#asking += 1;
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      return await this.#api.call(auditEventRoutes.recordAuditEvents, { body: { events: this.#eventsOf(batch) } }, { signal });
    } catch (error) {
      const answer = unanswered(error);
      if (answer.status === null) this.figures.cut += 1;
      else if (answer.status === 429) this.figures.tooMany += 1;
      else this.figures.unavailable += 1;
      return answer;
    } finally {
      this.#asking -= 1;
    }
  }

  #eventsOf({ number, at }: Batch) {
    return Array.from({ length: BATCH }, (_, index) => {
      const place = number * BATCH + index;
      return {
        id: `${this.#prefix}${place.toString(16).padStart(12, '0')}`,
        operation: 'MessageAccess' as const,
        creationTime: at,
        messageId: `<crash-${place % 1_000}@acme.example>`,
        recipients: [`reader-${place % 5_000}@example.net`],
        sender: `sender-${place % 200}@acme.example`,
        operationStatus: 'Success' as const,
        clientIp: '192.0.2.1',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) crash test',
      };
    });
  }
}
