import { onTestFinished } from 'vitest';
import { asSuperuser } from './test-database.ts';

/**
 * Copies a test's whole database, file by file, as a backup does that is taken while nobody works: connections to it end, and are made anew.
 * What it brings back is what `pg_dump` and `psql` bring back, row for row; those two are not what makes it, since the PostgreSQL that comes as a package has
 * neither, and another version's refuses this server.
 * @returns what drops the database, whoever uses it, and puts the copy in its place: nothing of what came since the backup is left.
 */
export async function backUp(url: string): Promise<() => Promise<void>> {
  const name = nameOf(url);
  const backup = `backup_${crypto.randomUUID().replaceAll('-', '')}`;
  const [row] = await onServer<{ owner: string }>(url, `select datdba::regrole::text as owner from pg_database where datname = '${name}'`);
  if (!row) throw new Error(`There is no database ${name}`);
  const copy = (from: string, to: string) => onServer(url, `create database ${to} template ${from} strategy file_copy owner ${row.owner}`);
  onTestFinished(async () => void (await onServer(url, `drop database if exists ${backup} with (force)`)));
  await onServer(url, `alter database ${name} with allow_connections false`);
  await onServer(url, `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${name}'`);
  await copy(name, backup);
  await onServer(url, `alter database ${name} with allow_connections true`);
  return async () => {
    await onServer(url, `drop database ${name} with (force)`);
    await copy(backup, name);
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** Beside the database that is copied: nobody may be connected to it. */
function onServer<R extends Record<string, unknown>>(url: string, sql: string): Promise<R[]> {
  const server = new URL(url);
  server.pathname = '/postgres';
  return asSuperuser<R>(server.href, sql);
}
