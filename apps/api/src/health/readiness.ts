import type { readiness } from '@signet/api-contract/system';
import type { Database } from '@signet/db/database';
import type { Vault } from '@signet/vault/vault';
import type { Logger } from 'pino';
import type { z } from 'zod';

/** What readiness answers: which of the things that the api stands on are there. */
export type Readiness = z.output<typeof readiness>;

/** How long one check may take before it counts as failed. */
const CHECK_MILLISECONDS = 3000;

/** Whether the process can do its work: database with its migrations, blob store, keys; and that it is not shutting down. */
export class ReadinessCheck {
  #closing = false;
  #running: Promise<Readiness> | undefined;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly logger: Logger,
  ) {}

  /** From now on the process is not ready, so that no new requests are sent to it. */
  beginShutdown(): void {
    this.#closing = true;
  }

  /**
   * Reasons go to the log, where operators read them: the answer is for everybody. Whoever asks while it is being found out
   * gets the same answer: anybody may ask, and database and keys are asked once for all of them.
   */
  check(): Promise<Readiness> {
    this.#running ??= this.#look().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #look(): Promise<Readiness> {
    const [database, vault] = await Promise.allSettled([within(this.database.check()), within(this.vault.health())]);
    if (database.status === 'rejected') this.logger.warn({ reason: textOf(database.reason) }, 'the database is not ready');
    const findings = vault.status === 'fulfilled' ? vault.value : [];
    for (const finding of findings) if (!finding.healthy) this.logger.warn({ finding }, 'the vault is not ready');
    const healthy = (subject: 'blob_store' | 'key_provider') => findings.some((finding) => finding.subject === subject && finding.healthy);
    const checks = {
      database: database.status === 'fulfilled',
      blobStore: healthy('blob_store'),
      keys: healthy('key_provider'),
      ...(this.#closing ? { running: false } : {}),
    };
    return {
      status: word(Object.values(checks).every(Boolean)),
      checks: Object.fromEntries(Object.entries(checks).map(([name, good]) => [name, word(good)])),
    };
  }
}

function word(good: boolean): 'ok' | 'unavailable' {
  return good ? 'ok' : 'unavailable';
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : 'unknown error';
}

async function within<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_MILLISECONDS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
