import type { readiness } from '@signet/api-contract/system';
import type { Database } from '@signet/db/database';
import type { Vault } from '@signet/vault/vault';
import type { Logger } from 'pino';
import type { z } from 'zod';

/** What readiness answers everybody: which of the things that the api stands on are there. */
export type Readiness = z.output<typeof readiness>;

/** The same for operators: and why, by name, for what is not. */
export interface ExplainedReadiness extends Readiness {
  readonly reasons: Readonly<Record<string, string>>;
}

/** How long one check may take before it counts as failed. */
const CHECK_MILLISECONDS = 3000;

/** Whether the process can do its work: database with its migrations, blob store, keys; and that it is not shutting down. */
export class ReadinessCheck {
  #closing = false;
  #running: Promise<ExplainedReadiness> | undefined;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly logger: Logger,
  ) {}

  /** From now on the process is not ready, so that no new requests are sent to it. */
  beginShutdown(): void {
    this.#closing = true;
  }

  /** For everybody: which parts are there. Reasons may name hosts and paths, and are for operators. */
  async check(): Promise<Readiness> {
    const { status, checks } = await this.explain();
    return { status, checks };
  }

  /**
   * For the operators' port and the log. Whoever asks while it is being found out gets the same answer: anybody may ask, and database
   * and keys are asked once for all of them.
   */
  explain(): Promise<ExplainedReadiness> {
    this.#running ??= this.#look().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #look(): Promise<ExplainedReadiness> {
    const [database, vault] = await Promise.allSettled([within(this.database.check()), within(this.vault.health())]);
    const reasonOf = (subject: 'blob_store' | 'key_provider') => {
      if (vault.status === 'rejected') return textOf(vault.reason);
      const finding = vault.value.find((each) => each.subject === subject);
      return finding?.healthy === true ? null : (finding?.detail ?? 'it was not asked');
    };
    const troubles = {
      database: database.status === 'rejected' ? textOf(database.reason) : null,
      blobStore: reasonOf('blob_store'),
      keys: reasonOf('key_provider'),
      ...(this.#closing ? { running: 'the api is shutting down' } : {}),
    };
    const reasons = Object.fromEntries(Object.entries(troubles).flatMap(([name, reason]) => (reason === null ? [] : [[name, reason]])));
    if (Object.keys(reasons).length > 0) this.logger.warn({ reasons }, 'the api is not ready');
    return {
      status: word(Object.keys(reasons).length === 0),
      checks: Object.fromEntries(Object.entries(troubles).map(([name, reason]) => [name, word(reason === null)])),
      reasons,
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
