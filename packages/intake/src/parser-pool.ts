import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { freeAtOnce } from '@signet/vault/free-at-once';
import { DEFAULT_PARSE_LIMITS } from './parse-limits.ts';
import type { OriginalOnlyReason, ParseLimits } from './parse-limits.ts';
import type { FromWorker, ToWorker } from './parse-protocol.ts';
import type { ParsedMessage, PartMeta } from './parsed-message.ts';

/** One message for the parser. */
export interface ParseJob {
  /** Header block with its empty line. */
  readonly header: Uint8Array;
  readonly body: AsyncIterable<Uint8Array>;
  /**
   * Gets each part in its order, one after another; whatever it leaves unread is skipped. What it throws ends the parsing and is thrown
   * on. Each chunk of the content is good until the next one is asked for.
   */
  readonly onPart: (meta: PartMeta, content: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** The parsed message, or why only the original can be offered. */
export type ParseOutcome =
  { readonly kind: 'parsed'; readonly message: ParsedMessage } | { readonly kind: 'originalOnly'; readonly reason: OriginalOnlyReason };

type PartMessage = Exclude<FromWorker, { type: 'next' }>;

/** Messages of one worker in their order, and its death as the last of them. */
class Mailbox {
  readonly #waiting: PartMessage[] = [];
  #wake: (() => void) | null = null;

  push(message: PartMessage): void {
    this.#waiting.push(message);
    this.#wake?.();
  }

  async take(): Promise<PartMessage> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/**
 * What a thread keeps for what it has just made, in MiB. A large message passes as many short-lived pieces: left to itself V8 lets
 * them grow to 48 MiB and as much outside its heap before it looks which of them are still needed.
 */
const YOUNG_MEBIBYTES = 4;

const OWN_EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

function startWorker(limits: ParseLimits, onExit: (worker: Worker) => void): Worker {
  const worker = new Worker(new URL(`./parse-worker${OWN_EXTENSION}`, import.meta.url), {
    // From sources the thread needs the export condition that this process was started with.
    execArgv: OWN_EXTENSION === '.ts' ? ['--conditions=@signet/source'] : [],
    resourceLimits: { maxOldGenerationSizeMb: limits.workerMebibytes, maxYoungGenerationSizeMb: YOUNG_MEBIBYTES },
    stdout: true,
    stderr: true,
  });
  // A thread that dies between messages must not take the process along.
  worker.on('error', () => undefined);
  worker.once('exit', () => {
    onExit(worker);
  });
  worker.unref();
  return worker;
}

function deathReason(error: Error): OriginalOnlyReason {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'unparsable';
}

async function* partContent(worker: Worker, mailbox: Mailbox, ended: (last: PartMessage) => void): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const message = await mailbox.take();
    if (message.type !== 'bytes') {
      ended(message);
      return;
    }
    yield message.bytes;
    // It came from the thread for good, and whoever takes it has taken it.
    freeAtOnce(message.bytes);
    post(worker, { type: 'ack' });
  }
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message, []);
}

/** A piece of the body, as a copy of its own that moves: posting a part of a buffer would clone all of it. */
function postChunk(worker: Worker, piece: Uint8Array): void {
  const bytes = new Uint8Array(piece);
  worker.postMessage({ type: 'chunk', bytes } satisfies ToWorker, [bytes.buffer]);
}

async function collect(worker: Worker, mailbox: Mailbox, job: ParseJob): Promise<ParseOutcome> {
  for (;;) {
    let message = await mailbox.take();
    if (message.type === 'part') {
      const ending: { last: PartMessage | null } = { last: null };
      const content = partContent(worker, mailbox, (last) => {
        ending.last = last;
      });
      await job.onPart(message.meta, content);
      // Whatever was left unread is skipped, so that the parser can go on.
      while (ending.last === null) {
        const rest = await mailbox.take();
        if (rest.type === 'bytes') post(worker, { type: 'ack' });
        else ending.last = rest;
      }
      message = ending.last;
    }
    if (message.type === 'done') return { kind: 'parsed', message: message.message };
    if (message.type === 'refused') return { kind: 'originalOnly', reason: message.reason };
  }
}

/**
 * Worker threads that parse messages, each one message at a time, kept warm between messages. One that died, or was stopped over a limit,
 * is replaced by a fresh one with the next message. Messages over the pool's size wait in order.
 */
export class ParserPool {
  readonly #limits: ParseLimits;
  readonly #size: number;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  /** @param options.size Threads at most; by default one per core, four at most. */
  constructor(options: { readonly size?: number; readonly limits?: Partial<ParseLimits> } = {}) {
    this.#limits = { ...DEFAULT_PARSE_LIMITS, ...options.limits };
    this.#size = options.size ?? Math.min(4, availableParallelism());
  }

  get limits(): ParseLimits {
    return this.#limits;
  }

  /** Starts all threads, so that no message waits for one. */
  start(): void {
    while (this.#idle.length + this.#busy < this.#size) this.#idle.push(this.#newWorker());
  }

  /**
   * Parses one message. Never fails because of the message: what cannot be parsed within the limits is `originalOnly`.
   * @throws what `body` or `onPart` throws.
   */
  async parse(job: ParseJob): Promise<ParseOutcome> {
    if (this.#busy >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    const worker = this.#idle.pop() ?? this.#newWorker();
    let healthy = false;
    try {
      const outcome = await this.#run(worker, job);
      healthy = outcome.kind === 'parsed';
      return outcome;
    } finally {
      if (healthy) this.#idle.push(worker);
      else await worker.terminate();
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }

  /** Ends the idle threads. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  #newWorker(): Worker {
    return startWorker(this.#limits, (dead) => this.#forget(dead));
  }

  #forget(dead: Worker): void {
    const at = this.#idle.indexOf(dead);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  async #run(worker: Worker, job: ParseJob): Promise<ParseOutcome> {
    const mailbox = new Mailbox();
    const body = job.body[Symbol.asyncIterator]();
    const failures: unknown[] = [];
    const giveNext = async (): Promise<void> => {
      const { value, done } = await body.next();
      if (done === true) post(worker, { type: 'end' });
      else postChunk(worker, value);
    };
    const failFeeding = (error: unknown): void => {
      failures.push(error);
      mailbox.push({ type: 'refused', reason: 'unparsable' });
    };
    const onMessage = (message: FromWorker): void => {
      if (message.type === 'next') giveNext().catch(failFeeding);
      else mailbox.push(message);
    };
    const onError = (error: Error): void => {
      mailbox.push({ type: 'refused', reason: deathReason(error) });
    };
    const onExit = (): void => {
      mailbox.push({ type: 'refused', reason: 'unparsable' });
    };
    const timer = setTimeout(() => {
      mailbox.push({ type: 'refused', reason: 'time' });
    }, this.#limits.milliseconds);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    try {
      post(worker, { type: 'start', header: job.header, limits: this.#limits });
      const outcome = await collect(worker, mailbox, job);
      if (failures.length > 0) throw failures[0];
      return outcome;
    } finally {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      // Not waited for: a source that hangs would hang this too.
      body.return?.().then(undefined, () => undefined);
    }
  }
}
