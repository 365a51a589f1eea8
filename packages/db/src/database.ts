import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, TypeOverrides, type PoolClient } from 'pg';
import { v7 } from 'uuid';
import { z } from 'zod';
import { PrismaClient } from './generated/client.ts';
import { knownMigrations } from './migrate.ts';

/** A row as PostgreSQL answers it, column by column. */
export type Row = Record<string, unknown>;

/** Anything that runs one SQL statement. `bigint` columns come as numbers, `timestamptz` as Dates, `bytea` as Buffers. */
export interface Queryable {
  query<R extends object = Row>(sql: string, values?: readonly unknown[]): Promise<R[]>;
}

const inTransaction = Symbol('in transaction');

/** Statements that commit or fail together. Only the functions of this package make one. */
export interface Transaction extends Queryable {
  readonly [inTransaction]: true;
}

/** What an organization may see and change: every store function of a tenant's data asks for one. */
export interface OrganizationScope extends Queryable {
  readonly organizationId: string;
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
}

/** Prisma's transaction of one organization, and the same transaction's raw statements. */
export interface AdministrationTransaction extends OrganizationTransaction {
  readonly prisma: Omit<AdministrativeClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;
}

/** The database as processes see it that serve all organizations: signing in, the outbox relay, sweeps. */
export interface SystemScope extends Queryable {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections of the pool for set-based SQL; Prisma has a small pool of its own. */
  readonly maxConnections?: number;
  /** Gives up on a statement that got no answer for so long, and on its connection; never where absent. */
  readonly queryTimeoutMilliseconds?: number;
}

/** Thrown when PostgreSQL cannot be reached or refuses to work for now: the answer is 503 or 451, and nothing happened. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/** A new id: UUIDv7, so that rows made together lie together. */
export function newId(): string {
  return v7();
}

/** The only door to PostgreSQL. */
export class Database {
  readonly system: SystemScope;
  readonly #pool: Pool;
  readonly #prisma: AdministrativeClient;

  constructor(options: DatabaseOptions) {
    const connection = {
      connectionString: options.url,
      application_name: options.applicationName,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 60_000,
      idle_in_transaction_session_timeout: 60_000,
      options: '-c signet.organization_id=every',
    };
    const patience = options.queryTimeoutMilliseconds === undefined ? {} : { query_timeout: options.queryTimeoutMilliseconds };
    this.#pool = new Pool({ ...connection, ...patience, max: options.maxConnections ?? 10, types });
    // Without a listener a connection that the server ends while it is idle would end the process; the pool replaces it.
    this.#pool.on('error', () => undefined);
    this.#prisma = translating(new PrismaClient({ adapter: new PrismaPg({ ...connection, max: 4 }) }));
    this.system = {
      query: (sql, values) => runStatement(this.#pool, sql, values),
      transaction: (work) => this.#transaction((client) => work(transactionOn(client))),
    };
  }

  /** The door to one organization's data. Whether the organization exists shows in what is found there. */
  forOrganization(organizationId: string): OrganizationScope {
    return {
      organizationId,
      prisma: this.#prisma,
      query: (sql, values) => runStatement(this.#pool, sql, values),
      transaction: (work) => this.#transaction((client) => work({ ...transactionOn(client), organizationId })),
      administer: (work) =>
        this.#prisma
          .$transaction((prisma) => {
            const query: Queryable['query'] = (sql, values = []) => prisma.$queryRawUnsafe(sql, ...values);
            return work({ organizationId, prisma, query, [inTransaction]: true });
          }, prismaTransaction)
          .catch((error: unknown) => {
            throw translatePrisma(error);
          }),
    };
  }

  /**
   * Whether the database answers and has every migration that this version needs; a newer one is fine.
   * @throws {DatabaseUnavailableError} saying what is missing.
   */
  async check(): Promise<void> {
    const rows = await this.system.query<{ migration_name: string }>(
      'select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
    );
    const applied = new Set(rows.map((row) => row.migration_name));
    const missing = knownMigrations().filter((name) => !applied.has(name));
    if (missing.length)
      throw new DatabaseUnavailableError(`The database lacks migrations: ${missing.join(', ')}. Run the migrate command.`);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#prisma.$disconnect()]);
  }

  async #transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw translate(error);
    });
    let broken = false;
    // The pool listens only to idle connections: without this, one that the server ends between two statements of a
    // transaction would end the process. The next statement fails, and says so to whoever is at work.
    const onEnd = () => (broken = true);
    client.on('error', onEnd);
    try {
      await runStatement(client, 'begin');
      const result = await work(client);
      await runStatement(client, 'commit');
      return result;
    } catch (error) {
      broken ||= error instanceof DatabaseUnavailableError;
      if (!broken) await runStatement(client, 'rollback').catch(() => (broken = true));
      throw error;
    } finally {
      client.off('error', onEnd);
      // A connection whose state is unknown is closed, never given to the next one who asks.
      client.release(broken);
    }
  }
}

function transactionOn(client: PoolClient): Transaction {
  const query: Queryable['query'] = (sql, values) => runStatement(client, sql, values);
  return { query, [inTransaction]: true };
}

async function runStatement<R extends object>(client: Pool | PoolClient, sql: string, values?: readonly unknown[]): Promise<R[]> {
  try {
    const result = await client.query<R>(values ? { name: statementName(sql), text: sql, values: [...values] } : { text: sql });
    return result.rows;
  } catch (error) {
    throw translate(error);
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

/** SQLSTATE classes that mean "not now": connection, sign-in, resources, operator intervention (also a read-only or starting server). */
const unavailableClasses = new Set(['08', '25', '28', '53', '57', '58']);
/** The same of single states: no privilege (yet), a database that takes no connections, one that is not there. */
const unavailableStates = new Set(['42501', '55000', '3D000']);

function isUnavailable(sqlState: string): boolean {
  return unavailableClasses.has(sqlState.slice(0, 2)) || unavailableStates.has(sqlState);
}

function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  const isSqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  if (isSqlState && !isUnavailable(code)) return error;
  return new DatabaseUnavailableError(`The database is not available: ${error.message}`, { cause: error });
}

/** How long an administrative transaction may wait for a connection and take, in milliseconds: a busy moment must not refuse it. */
const prismaTransaction = { maxWait: 10_000, timeout: 30_000 };

/** Prisma's client, whose operations fail as `runStatement` does when the database is away. */
function translating(prisma: PrismaClient) {
  return prisma.$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        try {
          return await query(args);
        } catch (error) {
          throw translatePrisma(error);
        }
      },
    },
  });
}

type AdministrativeClient = ReturnType<typeof translating>;

/** Prisma's codes that mean "not now": P1xxx (no connection), the pool or a transaction ran out of time, a conflict of writes. */
const unavailablePrismaCode = /^P1\d{3}$|^P20(24|28|34)$/;

/** Where Prisma's errors carry its own code, and PostgreSQL's. */
const withCode = z.object({ code: z.string() });
const withSqlState = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }) }),
});

function translatePrisma(error: unknown): unknown {
  if (!(error instanceof Error) || !error.name.startsWith('PrismaClient')) return error;
  const code = withCode.safeParse(error).data?.code;
  const sqlState = withSqlState.safeParse(error).data?.meta.driverAdapterError.cause.originalCode;
  const away =
    error.name === 'PrismaClientInitializationError' ||
    (code !== undefined && unavailablePrismaCode.test(code)) ||
    (sqlState !== undefined && isUnavailable(sqlState));
  return away ? new DatabaseUnavailableError('The database is not available', { cause: error }) : error;
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
