import { Client } from 'pg';
import type { PostgresServer } from './postgres.ts';

/**
 * Makes sure that the embedded server has the role `signet` (no superuser) and the database `signet` that it owns.
 * @returns the URL for the apps, password included: never log it
 */
export async function ensureDatabase(server: PostgresServer, password: string): Promise<string> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    const roles = await client.query(`select 1 from pg_roles where rolname = 'signet'`);
    if (roles.rowCount === 0) await client.query(`create role signet login createrole password ${client.escapeLiteral(password)}`);
    const databases = await client.query(`select 1 from pg_database where datname = 'signet'`);
    if (databases.rowCount === 0) await client.query('create database signet owner signet');
  } finally {
    await client.end();
  }
  const url = new URL(server.url);
  url.username = 'signet';
  url.password = password;
  url.pathname = '/signet';
  return url.href;
}
