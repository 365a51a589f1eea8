import { PrismaPg } from '@prisma/adapter-pg';
import type { PoolConfig } from 'pg';
import { z } from 'zod';
import { DatabaseUnavailableError, isUnavailable } from './database-unavailable-error.ts';
import { PrismaClient } from './generated/client.ts';
import { openPool } from './pool.ts';
import type { Visibility } from './scoped-statement.ts';

/** How long an administrative transaction may wait for a connection and take, in milliseconds: a busy moment must not refuse it. */
export const prismaTransaction = { maxWait: 10_000, timeout: 30_000 };

/** Opens Prisma's client, with a small pool of its own. */
export function openPrisma(connection: PoolConfig): SharedClient {
  return translating(new PrismaClient({ adapter: new PrismaPg(openPool({ ...connection, max: 4 }), { disposeExternalPool: true }) }));
}

/** Prisma's client, whose operations fail as pg's statements do when the database is away. */
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

/** Prisma's client that serves all organizations: on its own it says nothing of what it may see, and sees nothing. */
export type SharedClient = ReturnType<typeof translating>;

/** What a transaction's client lacks: whoever has one makes no other transaction with it. */
type Connecting = '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends';

/** Prisma's client of one organization. */
export type AdministrativeClient = Omit<SharedClient, Connecting>;

/** Says, until the end of Prisma's transaction, what it may see. */
export function setVisibility(client: Pick<SharedClient, '$executeRaw'>, visibility: Visibility) {
  return client.$executeRaw`select set_config('signet.organization_id', ${visibility}, true)`;
}

/**
 * Prisma's client whose every operation is a transaction of its own that sees this: no operation of another organization
 * ever shares one, though Prisma would gather those of the same moment.
 */
export function scopedPrisma(client: SharedClient, visibility: Visibility): AdministrativeClient {
  return client.$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        const [, result] = await client.$transaction([setVisibility(client, visibility), query(args)]);
        return result;
      },
    },
  });
}

/** Prisma's codes that mean "not now": P1xxx (no connection), the pool or a transaction ran out of time, a conflict of writes. */
const unavailablePrismaCode = /^P1\d{3}$|^P20(24|28|34)$/;

/** What pg says of a connection that was lost. Prisma passes it on as it is where it begins a transaction or has sent nothing yet. */
const lostConnection = /^(Client has encountered a connection error|Client was closed|Connection terminated)/;

/** Where Prisma's errors carry its own code, and PostgreSQL's. */
const withCode = z.object({ code: z.string() });
const withSqlState = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string(), originalMessage: z.string() }) }) }),
});

/** Prisma's error as the error to throw. */
export function translatePrisma(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (lostConnection.test(error.message)) return new DatabaseUnavailableError('The database is not available', { cause: error });
  if (!error.name.startsWith('PrismaClient')) return error;
  const code = withCode.safeParse(error).data?.code;
  const cause = withSqlState.safeParse(error).data?.meta.driverAdapterError.cause;
  const away =
    error.name === 'PrismaClientInitializationError' ||
    (code !== undefined && unavailablePrismaCode.test(code)) ||
    (cause !== undefined && isUnavailable(cause.originalCode, cause.originalMessage));
  return away ? new DatabaseUnavailableError('The database is not available', { cause: error }) : error;
}
