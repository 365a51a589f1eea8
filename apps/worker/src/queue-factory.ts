import { queueNames, type OutboxJob, type QueueName } from '@signet/domain/jobs';
import { createPostgresBackend, PostgresConnection, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { wordsOf } from './error-words.ts';

/** Where the queue lies in PostgreSQL: a schema of its own, which BullMQ's migrations rule. */
const QUEUE_SCHEMA = 'bullmq';

/** A call to the queue that takes longer counts as failed, in milliseconds: rows are handed on again, so nothing is lost. */
const PATIENCE = 5_000;

/** Retries live in the database: a job is tried once and leaves nothing in the queue. */
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/** Thrown when the queue cannot be reached now. */
class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError';
}

/** The one place that makes BullMQ queues and workers, whichever of its backends they stand on. */
export interface QueueFactory {
  /** Adds jobs to a queue, all or none of them. @throws {QueueUnavailableError} within five seconds. */
  add(queue: QueueName, list: readonly OutboxJob[]): Promise<void>;
  /** Begins to work on a queue's jobs, so many at once. */
  consume(queue: QueueName, concurrency: number, work: (job: unknown) => Promise<void>): QueueConsumer;
  /** @throws {QueueUnavailableError} when the queue does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueConsumer {
  /** Takes no further jobs and waits for those in hand; `force` leaves them to others at once. */
  close(force?: boolean): Promise<void>;
}

/** What is used of BullMQ's Queue and Worker: their full types differ from backend to backend. */
interface HeardEmitter {
  on(event: 'error', listener: (error: Error) => void): unknown;
}
interface BullQueue extends HeardEmitter {
  addBulk(list: { name: string; data: OutboxJob; opts: typeof jobOptions }[]): Promise<unknown>;
  close(): Promise<void>;
}
interface BullWorker extends HeardEmitter {
  close(force?: boolean): Promise<void>;
}

/** One of BullMQ's backends with what it needs to connect. */
interface Backend {
  makeQueue(name: QueueName): BullQueue;
  makeWorker(name: QueueName, concurrency: number, processor: (job: { data: unknown }) => Promise<void>): BullWorker;
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the queue: on Redis where there is one, else in the database, where `prepareQueue` has made room for it. */
export async function openQueueFactory(
  { databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string | undefined },
  logger: Logger,
): Promise<QueueFactory> {
  const backend = redisUrl === undefined ? await postgresBackend(databaseUrl) : redisBackend(redisUrl, logger);
  const queues = new Map(queueNames.map((name) => [name, heard(backend.makeQueue(name), name, logger)]));
  return {
    add: async (name, list) => {
      const queue = queues.get(name);
      if (!queue) throw new QueueUnavailableError(`There is no queue ${name}`);
      await patiently(queue.addBulk(list.map((job) => ({ name: job.kind, data: job, opts: jobOptions }))));
    },
    consume: (name, concurrency, work) => {
      const worker = heard(
        backend.makeWorker(name, concurrency, async (job) => work(job.data)),
        name,
        logger,
      );
      return { close: (force = false) => worker.close(force) };
    },
    check: () => patiently(backend.check()),
    close: async () => {
      // Where the queue is away, closing waits for it: its connections are shut all the same.
      await patiently(Promise.all([...queues.values()].map((queue) => queue.close()))).catch(() => undefined);
      await backend.close();
    },
  };
}

/** An emitter whose errors are heard: unheard ones end the process. */
function heard<T extends HeardEmitter>(emitter: T, name: string, logger: Logger): T {
  let last = '';
  emitter.on('error', (error) => {
    // A connection that is away says so again and again.
    if (error.message !== last) logger.warn({ queue: name, error: error.message }, 'The queue reports trouble');
    last = error.message;
  });
  return emitter;
}

function redisBackend(url: string, logger: Logger): Backend {
  // Fails at once while Redis is away, so that the relay notices.
  const producer = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  // Blocks on Redis for as long as it takes, through every reconnection (BullMQ demands it).
  const consumer = new Redis(url, { maxRetriesPerRequest: null });
  for (const [name, connection] of Object.entries({ producer, consumer })) {
    connection.on('error', (error: Error) => logger.debug({ connection: name, error: error.message }, 'Redis reports trouble'));
  }
  return {
    makeQueue: (name) => new Queue(name, { connection: producer }),
    makeWorker: (name, concurrency, processor) => new Worker(name, processor, { connection: consumer, concurrency }),
    check: async () => {
      await producer.ping();
    },
    close: async () => {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

/** How the queue in the database is reached. */
export function queueInDatabase(connectionString: string) {
  return { connectionString, schema: QUEUE_SCHEMA, application_name: 'signet-worker-queue', connectionTimeoutMillis: PATIENCE };
}

async function postgresBackend(connectionString: string): Promise<Backend> {
  const options = queueInDatabase(connectionString);
  const probe = new PostgresConnection({ ...options, migrate: false, max: 1 });
  try {
    await probe.waitUntilReady();
  } catch (error) {
    await probe.close();
    throw new QueueUnavailableError(
      `The queue in the database is not ready: ${wordsOf(error)}. Run apps/worker/dist/prepare-queue.js as the account that migrates, or set REDIS_URL.`,
      { cause: error },
    );
  }
  return {
    makeQueue: (name) => new Queue(name, { connection: { ...options, max: 2 } }, createPostgresBackend),
    makeWorker: (name, concurrency, processor) =>
      new Worker(name, processor, { connection: { ...options, max: 3 }, concurrency }, createPostgresBackend),
    check: async () => {
      await probe.pool.query('select 1');
    },
    close: () => probe.close(),
  };
}

async function patiently<T>(call: Promise<T>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    await Promise.race([call, late]);
  } catch (error) {
    throw new QueueUnavailableError(`The queue is not available: ${wordsOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
