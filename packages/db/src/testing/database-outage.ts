import { Client } from 'pg';
import { inject } from 'vitest';

/** Takes a database away while `work` runs: every connection is ended, and no new one is let in. */
export async function withoutDatabase<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const server = new Client({ connectionString: inject('databaseServerUrl') });
  await server.connect();
  try {
    await server.query(`alter database ${name} with allow_connections false`);
    await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    return await work();
  } finally {
    await server.query(`alter database ${name} with allow_connections true`);
    await server.end();
  }
}
