import { setTimeout as sleep } from 'node:timers/promises';
import { auditEntryRoutes } from '@signet/api-contract/audit-entries';
import { ApiProblem, type Client } from '@signet/api-contract/client';
import { isTrueLine, readExportedLine } from '@signet/domain/audit/exported-line';
import { GrowingTree, leafHash } from '@signet/domain/log/merkle-tree';
import { z } from 'zod';
import { unanswered } from './no-answer.ts';

/** Places asked for at once. */
const LIMIT = 5_000;
/** Pause where there was nothing new, in milliseconds. */
const IDLE = 500;
/** An answer that has not come to its end by then never will, in milliseconds. */
const PATIENCE = 60_000;

const entry = z.object({ id: z.string() });

/** A SIEM that follows the audit log by its feed, and believes nothing: every line must be the next one, and be what was hashed. */
export class FeedFollower {
  /** How often each event was seen, by what `placeOf` makes of its id. */
  readonly seen = new Map<number, number>();
  readonly faults: string[] = [];
  /** Answers that broke off, or did not come. */
  cut = 0;
  readonly #api: Client;
  readonly #placeOf: (id: string) => number | null;
  readonly #tree = new GrowingTree();
  #isOver = false;
  readonly #running: Promise<void>;

  /** @param placeOf null for events that are not to be counted. */
  constructor(api: Client, placeOf: (id: string) => number | null) {
    this.#api = api;
    this.#placeOf = placeOf;
    this.#running = this.#run();
  }

  /** Places of the log that it has. */
  get size(): number {
    return this.#tree.size;
  }

  /** The root of the tree of all it has read. */
  root(): Uint8Array {
    return this.#tree.root();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isOver && this.faults.length === 0) {
      const { size } = this;
      try {
        await this.#read();
        if (this.size === size) await sleep(IDLE);
      } catch (error) {
        await this.#pauseAfter(error);
      }
    }
  }

  async #pauseAfter(error: unknown): Promise<void> {
    try {
      const { pause } = unanswered(error);
      this.cut += 1;
      await sleep(pause);
    } catch (unexpected) {
      // A log that is shorter than it was is refused here too.
      this.faults.push(`The feed after ${this.size - 1}: ${unexpected instanceof ApiProblem ? unexpected.message : String(unexpected)}`);
    }
  }

  /** What came whole before an answer breaks off is taken: the next one begins behind it. */
  async #read(): Promise<void> {
    const query = { after: this.size - 1, limit: LIMIT };
    const answer = await this.#api.call(auditEntryRoutes.readAuditFeed, { query }, { signal: AbortSignal.timeout(PATIENCE) });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of answer.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    }
    if (rest !== '') this.faults.push(`The feed ends within a line, behind ${this.size - 1}`);
  }

  #take(text: string): void {
    const line = readExportedLine(text);
    if (line.logIndex !== this.size) this.faults.push(`The feed has ${line.logIndex} where ${this.size} should be`);
    if (line.intact === null || !isTrueLine(line)) this.faults.push(`The feed’s line ${line.logIndex} is not what was hashed`);
    this.#tree.append(leafHash(line.hash));
    const place = line.intact && this.#placeOf(entry.parse(JSON.parse(line.intact.text)).id);
    if (place !== null) this.seen.set(place, (this.seen.get(place) ?? 0) + 1);
  }
}
