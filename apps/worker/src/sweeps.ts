import { setTimeout as sleep } from 'node:timers/promises';
import { countOpenErasures } from '@signet/db/audit-erasure';
import { makeAuditPartitions } from '@signet/db/audit-partition';
import { watchAlerts } from '@signet/db/alert-watch';
import type { Database } from '@signet/db/database';
import { bookCheckpoints } from '@signet/db/checkpoint-sending';
import { bookExpiries } from '@signet/db/expiry-booking';
import { eraseNamedEntries } from '@signet/db/erasure-sweep';
import { eraseExpired } from '@signet/db/expiry-erasure';
import { endIdleDownloads, removeExpiredRows } from '@signet/db/housekeeping';
import { flushLinkTouches } from '@signet/db/link-touch-flush';
import { countUncarriedPolicies } from '@signet/db/retention';
import { removeDueEntries } from '@signet/db/retention-sweep';
import { noteUnread } from '@signet/db/sender-fact';
import { gatherSenderFacts } from '@signet/db/sender-fact-mail';
import { sweepAlone } from '@signet/db/sweep-lock';
import type { BlobStore } from '@signet/vault/blob-store';
import type { Logger } from 'pino';
import { wordsOf } from './error-words.ts';
import type { Metrics } from './metrics.ts';
import { checkContent } from './check-content.ts';
import { emptyBlobTrash } from './empty-blob-trash.ts';
import { checkDueLogs } from './log-checker.ts';
import type { LogSealer } from './log-sealer.ts';
import { sealLogs } from './seal-logs.ts';
import { sendSyslog, type SyslogSending } from './send-syslog.ts';
import { sendWebhooks, type WebhookSending } from './send-webhooks.ts';
import { SweepRefusedError } from './sweep-refused-error.ts';
import { trashOrphanedBlobs } from './trash-orphaned-blobs.ts';

/** Something that nobody asks for and that has to be done again and again. Each may run on several workers at once. */
export interface Sweep {
  readonly name: string;
  readonly everySeconds: number;
  /** For what must not go unseen: its failure is an error in the log, with these words. */
  readonly alarm?: string;
  /**
   * @param stopping aborted when the process ends: what was not begun is left.
   * @returns how many things it dealt with.
   * @throws {SweepRefusedError} when it did nothing, since it would do harm: it is not tried again before its turn.
   */
  run(stopping: AbortSignal): Promise<number>;
}

/** Numbers of the advisory locks: never reused for another sweep. 1 was that of the partitions. */
const locks = { expiredRows: 2, downloads: 3, content: 4, unread: 5, senderFacts: 6, alerts: 20 } as const;

export interface SweptThings {
  readonly database: Database;
  /** The account that may remove audit entries; null where there is none. */
  readonly retention: Database | null;
  readonly blobStore: BlobStore;
  readonly metrics: Metrics;
  readonly sealer: LogSealer;
  readonly webhooks: WebhookSending;
  readonly syslog: SyslogSending;
  /** Days that a blob stays in the trash. */
  readonly trashDays: number;
}

/** All sweeps of the worker. */
export function sweepsOf({ database, retention, blobStore, metrics, sealer, webhooks, syslog, trashDays }: SweptThings): Sweep[] {
  const { system } = database;
  const trashSeen = Promise.withResolvers<void>();
  // The first time all of them: an older database was put in this one's place while nothing ran.
  let all = true;
  return [
    {
      name: 'flush-link-touches',
      everySeconds: 10,
      run: () => flushLinkTouches(database),
    },
    {
      name: 'seal-logs',
      everySeconds: 3,
      run: async (stopping) => {
        const entries = await sealLogs({ system, sealer }, stopping, { all });
        all = false;
        return entries;
      },
    },
    // Every hour those that are due: each once a day.
    { name: 'check-logs', everySeconds: 3_600, run: (stopping) => checkDueLogs({ system, database, blobStore }, stopping) },
    { name: 'send-webhooks', everySeconds: 1, run: (stopping) => sendWebhooks(webhooks, stopping) },
    { name: 'send-syslog', everySeconds: 1, run: (stopping) => sendSyslog(syslog, stopping) },
    { name: 'watch-alerts', everySeconds: 10, run: async () => (await sweepAlone(system, locks.alerts, watchAlerts)) ?? 0 },
    { name: 'book-checkpoints', everySeconds: 60, run: (stopping) => bookCheckpoints(database, stopping) },
    { name: 'book-expiries', everySeconds: 5, run: (stopping) => bookExpiries(database, stopping) },
    { name: 'erase-expired', everySeconds: 60, run: (stopping) => eraseExpired(database, stopping) },
    { name: 'note-unread', everySeconds: 60, run: async () => (await sweepAlone(system, locks.unread, noteUnread)) ?? 0 },
    {
      name: 'gather-sender-facts',
      everySeconds: 10,
      run: async () => (await sweepAlone(system, locks.senderFacts, gatherSenderFacts)) ?? 0,
    },
    { name: 'end-idle-downloads', everySeconds: 15, run: async () => (await sweepAlone(system, locks.downloads, endIdleDownloads)) ?? 0 },
    {
      name: 'make-audit-partitions',
      everySeconds: 3_600,
      alarm: 'Entries are kept all the same, in the partition for all other months (docs/guides/operators.md)',
      run: () => makeAuditPartitions(system),
    },
    {
      name: 'remove-due-entries',
      everySeconds: 600,
      alarm: 'Audit entries are kept longer than their organization wants (docs/guides/operators.md)',
      run: (stopping) => removeDue(database, retention, stopping),
    },
    {
      name: 'erase-entries',
      everySeconds: 5,
      alarm: 'Audit entries that a law wants erased are still there (docs/guides/operators.md)',
      run: (stopping) => eraseNamed(database, retention, stopping),
    },
    {
      name: 'remove-expired-rows',
      everySeconds: 3_600,
      run: async () => (await sweepAlone(system, locks.expiredRows, removeExpiredRows)) ?? 0,
    },
    {
      name: 'trash-orphaned-blobs',
      everySeconds: 3_600,
      run: async (stopping) => {
        const count = await trashOrphanedBlobs(system, blobStore, new Date(), stopping);
        metrics.blobs.inc({ moved: 'to_trash' }, count);
        return count;
      },
    },
    {
      name: 'empty-blob-trash',
      everySeconds: 86_400,
      run: async (stopping) => {
        const trashedBefore = new Date(Date.now() - trashDays * 86_400_000);
        const { removed, restored } = await emptyBlobTrash(system, blobStore, trashedBefore, stopping).finally(trashSeen.resolve);
        metrics.blobs.inc({ moved: 'out_of_trash' }, removed);
        metrics.blobs.inc({ moved: 'back' }, restored);
        return removed + restored;
      },
    },
    {
      name: 'check-content',
      everySeconds: 86_400,
      run: async (stopping) => {
        // After the first look into the trash, which may put blobs back.
        await trashSeen.promise;
        return (await sweepAlone(system, locks.content, (tx) => checkContent({ system, reader: tx }, blobStore, stopping))) ?? 0;
      },
    },
  ];
}

async function removeDue(database: Database, retention: Database | null, stopping: AbortSignal): Promise<number> {
  if (retention) return removeDueEntries(retention, stopping);
  const count = await countUncarriedPolicies(database.system);
  if (count > 0)
    throw new Error(`No worker may remove audit entries, and ${count} organizations do not keep them for ever: set RETENTION_DATABASE_URL`);
  return 0;
}

async function eraseNamed(database: Database, retention: Database | null, stopping: AbortSignal): Promise<number> {
  if (retention) return eraseNamedEntries(retention, stopping);
  const count = await countOpenErasures(database.system);
  if (count > 0) throw new Error(`No worker may remove audit entries, and ${count} erasures wait: set RETENTION_DATABASE_URL`);
  return 0;
}

/** Seconds until a sweep that broke is tried again, where its own turn comes later. */
const RETRY_SECONDS = 60;

/** How long sweeps under way may take to end when the process does, in milliseconds. */
const FAREWELL = 5_000;

/** Runs sweeps, each at once and then by its own clock, never twice at the same time. */
export class SweepTimers {
  readonly #sweeps: readonly Sweep[];
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(sweeps: readonly Sweep[], metrics: Metrics, logger: Logger) {
    this.#sweeps = sweeps;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  start(): void {
    for (const sweep of this.#sweeps) this.#schedule(sweep, 0);
  }

  /** Begins none, and returns once those under way are over, or took too long: a sweep can be cut off at any point. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    const late = Symbol('late');
    const farewell = new AbortController();
    const first = await Promise.race([Promise.all(this.#running), sleep(FAREWELL, late, { signal: farewell.signal })]);
    farewell.abort();
    if (first === late) this.#logger.warn({ sweeps: this.#running.size }, 'Sweeps under way took too long and are cut off');
  }

  #schedule(sweep: Sweep, seconds: number): void {
    if (this.#stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      const run = this.#takeTurn(sweep);
      this.#running.add(run);
      void run.finally(() => this.#running.delete(run));
    }, seconds * 1000);
    this.#timers.set(sweep.name, timer);
  }

  async #takeTurn(sweep: Sweep): Promise<void> {
    const next = await this.#run(sweep);
    this.#schedule(sweep, next);
  }

  /** @returns the seconds until its next turn. Never throws. */
  async #run(sweep: Sweep): Promise<number> {
    const { name, everySeconds, alarm } = sweep;
    try {
      const count = await sweep.run(this.#stopping.signal);
      this.#metrics.sweeps.inc({ sweep: name, result: 'done' });
      if (count > 0) this.#logger.debug({ sweep: name, count }, 'Swept');
      return everySeconds;
    } catch (error) {
      if (error instanceof SweepRefusedError) {
        this.#metrics.sweeps.inc({ sweep: name, result: 'refused' });
        this.#logger.error({ sweep: name, error: error.message }, 'A sweep refused to go on: is this the database of these blobs?');
        return everySeconds;
      }
      this.#metrics.sweeps.inc({ sweep: name, result: 'failed' });
      const facts = { sweep: name, error: wordsOf(error) };
      if (alarm === undefined) this.#logger.warn(facts, 'A sweep failed and is tried again');
      else this.#logger.error(facts, `A sweep failed and is tried again. ${alarm}`);
      return Math.min(everySeconds, RETRY_SECONDS);
    }
  }
}
