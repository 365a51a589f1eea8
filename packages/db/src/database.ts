import { createHash } from 'node:crypto';
import { callbackify } from 'node:util';
import { TypeOverrides, type Pool, type PoolClient } from 'pg';
import { v7 } from 'uuid';
import { accountFindings, VoidWallError } from './account.ts';
import { checkWritable } from './check-writable.ts';
import { DatabaseUnavailableError, translate } from './database-unavailable-error.ts';
import { knownMigrations } from './migrate.ts';
import { openPool } from './pool.ts';
import {
  openPrisma,
  prismaTransaction,
  scopedPrisma,
  setVisibility,
  translatePrisma,
  type AdministrativeClient,
  type SharedClient,
} from './prisma.ts';
import type { Queryable } from './queryable.ts';
import { beginWith, EVERY_ORGANIZATION, runScoped, visibilityOf, visibilityStatement, type Visibility } from './scoped-statement.ts';

const inTransaction = Symbol('in transaction');

/** Runs statements that are planned for what is there and is asked for each time. A plan that is kept is one for any values, and for tables of the size that they had. */
interface Planner {
  queryPlannedAnew: Queryable['query'];
}

/** Statements that commit or fail together. Only the functions of this package make one. */
export interface Transaction extends Queryable, Planner {
  readonly [inTransaction]: true;
}

/** What an organization may see and change: every store function of a tenant's data asks for one. */
export interface OrganizationScope extends Queryable, Planner {
  readonly organizationId: string;
  readonly secrets: SecretOpener;
  /** Runs `work` in one transaction (read committed) and commits it; whatever it throws rolls all of it back. */
  transaction<T>(work: (tx: OrganizationTransaction) => Promise<T>): Promise<T>;
  /** The same with Prisma's client, for administrative changes; its raw statements carry their record. */
  administer<T>(work: (tx: AdministrationTransaction) => Promise<T>): Promise<T>;
  /** Prisma's client outside a transaction, for administrative reads. Every `where` names the organization. */
  readonly prisma: AdministrativeClient;
}

/** A transaction of one organization: the only thing that `appendAuditEvents` and its like accept. */
export interface OrganizationTransaction extends Transaction {
  readonly organizationId: string;
  readonly secrets: SecretOpener;
}

/** Prisma's transaction of one organization, and the same transaction's raw statements. */
export interface AdministrationTransaction extends OrganizationTransaction {
  readonly prisma: AdministrativeClient;
}

/** The database as processes see it that serve all organizations: signing in, the outbox relay, sweeps. */
export interface SystemScope extends Queryable, Planner {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** The vault, as far as it is needed here: records are made here, and what they are hashed with is sealed. */
interface SecretOpener {
  openSecret(
    organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Uint8Array },
    context: { readonly organizationId: string; readonly purpose: 'recording-key'; readonly id: string },
    sealed: Uint8Array,
  ): Promise<Uint8Array>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections of the pool for set-based SQL; Prisma has a small pool of its own. */
  readonly maxConnections?: number;
  /** Gives up on a statement that got no answer for so long, and on its connection: a server that hangs says nothing. */
  readonly queryTimeoutMilliseconds?: number;
  /** Makes `check` refuse an account that the second wall does not hold: where others than this machine are served. */
  readonly requireWall?: boolean;
  /** Without it, what is to be recorded as a hash cannot be recorded. */
  readonly secrets?: SecretOpener;
}

/** How long the server works on one statement; one that hangs does not even count. */
const STATEMENT_MILLISECONDS = 60_000;

/** A new id: UUIDv7, so that rows made together lie together. */
export function newId(): string {
  return v7();
}

/** The only door to PostgreSQL. */
export class Database {
  readonly system: SystemScope;
  readonly #pool: Pool;
  /** Milliseconds until a statement without an answer is given up. */
  readonly #patience: number;
  readonly #prisma: SharedClient;
  readonly #requireWall: boolean;
  readonly #secrets: SecretOpener;

  constructor(options: DatabaseOptions) {
    const connection = {
      connectionString: options.url,
      application_name: options.applicationName,
      connectionTimeoutMillis: 5_000,
      statement_timeout: STATEMENT_MILLISECONDS,
      idle_in_transaction_session_timeout: 60_000,
    };
    const max = options.maxConnections ?? 10;
    this.#patience = options.queryTimeoutMilliseconds ?? STATEMENT_MILLISECONDS + 5_000;
    // Makes a new connection ready before it is lent for the first time.
    const verify = callbackify((client: PoolClient) => inTime(client.query({ ...visibilityStatement, values: [''] }), this.#patience));
    this.#pool = openPool({ ...connection, max, types, verify });
    this.#requireWall = options.requireWall ?? false;
    this.#secrets = options.secrets ?? noSecrets;
    this.#prisma = openPrisma({ ...connection, query_timeout: this.#patience });
    this.system = {
      query: (sql, values) => this.#statement(EVERY_ORGANIZATION, sql, values),
      queryPlannedAnew: (sql, values) => this.#statement(EVERY_ORGANIZATION, sql, values, { anew: true }),
      transaction: (work) => this.#transaction(EVERY_ORGANIZATION, (client) => work(transactionOn(client, this.#patience))),
    };
  }

  /**
   * The door to one organization's data. Whether the organization exists shows in what is found there.
   * @throws {TypeError} when the id is no UUID.
   */
  forOrganization(organizationId: string): OrganizationScope {
    const visibility = visibilityOf(organizationId);
    const shared = this.#prisma;
    const own = { organizationId, secrets: this.#secrets };
    return {
      ...own,
      // Made only for who asks: most of those who come here never do.
      get prisma() {
        return scopedPrisma(shared, visibility);
      },
      query: (sql, values) => this.#statement(visibility, sql, values),
      queryPlannedAnew: (sql, values) => this.#statement(visibility, sql, values, { anew: true }),
      transaction: (work) => this.#transaction(visibility, (client) => work({ ...transactionOn(client, this.#patience), ...own })),
      administer: (work) =>
        this.#prisma
          .$transaction(async (prisma) => {
            await setVisibility(prisma, visibility);
            const query: Queryable['query'] = (sql, values = []) => prisma.$queryRawUnsafe(sql, ...values);
            return work({ ...own, prisma, query, queryPlannedAnew: query, [inTransaction]: true });
          }, prismaTransaction)
          .catch((error: unknown) => {
            throw translatePrisma(error);
          }),
    };
  }

  /**
   * Whether the database answers, has every migration that this version needs (a newer one is fine), and takes what is written.
   * @returns what an operator should mend though it works: an account that the second wall does not hold.
   * @throws {DatabaseUnavailableError} saying what is missing.
   * @throws {VoidWallError} for such an account, where the wall is required.
   */
  async check(): Promise<string[]> {
    const rows = await this.system.query<{ migration_name: string }>(
      'select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
    );
    const applied = new Set(rows.map((row) => row.migration_name));
    const missing = knownMigrations().filter((name) => !applied.has(name));
    if (missing.length)
      throw new DatabaseUnavailableError(`The database lacks migrations: ${missing.join(', ')}. Run the migrate command.`);
    await checkWritable(this.system);
    const findings = await accountFindings(this.system);
    if (this.#requireWall && findings.length) {
      throw new VoidWallError(
        `${findings.join('. ')}. Set DATABASE_URL to an account that is a member of signet_app (docs/guides/operators.md).`,
      );
    }
    return findings;
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#prisma.$disconnect()]);
  }

  #statement<R extends object>(
    visibility: Visibility,
    sql: string,
    values: readonly unknown[] = [],
    { anew = false }: { anew?: boolean } = {},
  ): Promise<R[]> {
    return this.#onConnection(async (client) => {
      try {
        const name = anew ? undefined : statementName(sql);
        return await inTime(runScoped<R>(client, visibility, { name, text: sql, values }), this.#patience);
      } catch (error) {
        throw translate(error);
      }
    });
  }

  #transaction<T>(visibility: Visibility, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#onConnection(async (client, distrust) => {
      try {
        await runStatement(client, this.#patience, beginWith(visibility));
        const result = await work(client);
        await runStatement(client, this.#patience, 'commit');
        return result;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError)) await runStatement(client, this.#patience, 'rollback').catch(distrust);
        throw error;
      }
    });
  }

  /** Lends a connection. One whose state is unknown is closed afterwards, never given to the next one who asks. */
  async #onConnection<T>(work: (client: PoolClient, distrust: () => void) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw translate(error);
    });
    let broken = false;
    const distrust = () => void (broken = true);
    client.on('error', distrust);
    try {
      return await work(client, distrust);
    } catch (error) {
      broken ||= error instanceof DatabaseUnavailableError;
      throw error;
    } finally {
      client.off('error', distrust);
      client.release(broken);
    }
  }
}

const noSecrets: SecretOpener = {
  openSecret() {
    throw new Error('This process opens no secrets');
  },
};

function transactionOn(client: PoolClient, patience: number): Transaction {
  const query: Queryable['query'] = (sql, values) => runStatement(client, patience, sql, values);
  const queryPlannedAnew: Queryable['query'] = (sql, values) => runStatement(client, patience, sql, values, { anew: true });
  return { query, queryPlannedAnew, [inTransaction]: true };
}

async function runStatement<R extends object>(
  client: PoolClient,
  patience: number,
  sql: string,
  values?: readonly unknown[],
  { anew = false }: { anew?: boolean } = {},
): Promise<R[]> {
  try {
    const statement = values ? { name: anew ? undefined : statementName(sql), text: sql, values: [...values] } : { text: sql };
    const result = await inTime(client.query<R>(statement), patience);
    return result.rows;
  } catch (error) {
    throw translate(error);
  }
}

/**
 * Waits for a statement no longer than this. pg's own time limit sets a function on the query, and is therefore not used (see `ScopedQuery`).
 * @throws once the time is over; what comes later is not heard, and the connection has to be closed, as it is after every error of this kind.
 */
async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer in time (${milliseconds} ms)`)), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** More texts than this are not named: a search may compose many, and each connection keeps what it has prepared. */
const NAMED_STATEMENTS = 500;
const statementNames = new Map<string, string>();

/**
 * The name under which a connection prepares a statement once and then only runs it: planning costs more than running
 * most of ours. The same text has the same name on every connection, another text another one.
 */
function statementName(sql: string): string | undefined {
  const known = statementNames.get(sql);
  if (known !== undefined || statementNames.size >= NAMED_STATEMENTS) return known;
  const name = createHash('sha256').update(sql).digest('base64url');
  statementNames.set(sql, name);
  return name;
}

const INT8 = 20;

/** int8 as a number: counts, sizes and log indexes stay far below 2^53. Everything else as pg reads it. */
const types = new TypeOverrides();
types.setTypeParser(INT8, Number);

/**
 * The database's clock, now: read after the locks are held, it puts events in the order in which they were decided.
 * Milliseconds, as entries carry them.
 */
export async function clock(tx: Transaction): Promise<Date> {
  const [row] = await tx.query<{ now: Date }>("select date_trunc('milliseconds', clock_timestamp()) as now");
  if (!row) throw new DatabaseUnavailableError('The database did not tell the time');
  return row.now;
}
