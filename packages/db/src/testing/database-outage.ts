import { Client } from 'pg';
import { inject } from 'vitest';

/** Takes a database away while `work` runs: every connection is ended, and no new one is let in. */
export async function withoutDatabase<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  try {
    await onServer(async (server) => {
      await server.query(`alter database ${nameOf(databaseUrl)} with allow_connections false`);
      await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [nameOf(databaseUrl)]);
    });
    return await work();
  } finally {
    await onServer((server) => server.query(`alter database ${nameOf(databaseUrl)} with allow_connections true`));
  }
}

/**
 * Sets a database to read only, or lifts that: for the connections made from now on. Those that were there are ended, so that nobody
 * goes on under what held before.
 */
export async function setReadOnly(databaseUrl: string, readOnly: boolean): Promise<void> {
  const change = readOnly ? 'set default_transaction_read_only = on' : 'reset default_transaction_read_only';
  await onServer(async (server) => {
    await server.query(`alter database ${nameOf(databaseUrl)} ${change}`);
    await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [nameOf(databaseUrl)]);
  });
}

function nameOf(databaseUrl: string): string {
  return new URL(databaseUrl).pathname.slice(1);
}

async function onServer(work: (server: Client) => Promise<unknown>): Promise<void> {
  const server = new Client({ connectionString: inject('databaseServerUrl') });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}
