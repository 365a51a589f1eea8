import { createHmac } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import type { PostgresServer } from './postgres.ts';

/** The roles that hold the rights of the apps, and of who removes audit entries; the migrations make them. */
const rolesOf = { app: 'signet_app', retention: 'signet_retention' } as const;
/** What names an account for each, where it may not be made here. */
const givenAs = { app: 'APP_DATABASE_URL', retention: 'RETENTION_DATABASE_URL' } as const;

/** PostgreSQL's code for what an account may not do. */
const FORBIDDEN = '42501';

/** URLs of one database, passwords included: never log them. */
export interface DatabaseUrls {
  /** Of the account that migrates and owns the tables. */
  readonly owner: string;
  /** Of whoever may make accounts on the server. */
  readonly administrator: string;
}

/** Makes sure that the embedded server has the role `signet` (no superuser) and the database `signet` that it owns. */
export async function ensureDatabase(server: PostgresServer, password: string): Promise<DatabaseUrls> {
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
  url.pathname = '/signet';
  const administrator = url.href;
  url.username = 'signet';
  url.password = password;
  return { owner: url.href, administrator };
}

/**
 * Makes sure that the apps have an account of their own on a migrated database, which owns nothing and may not make or change a table:
 * `<database>_app`, with the rights of `signet_app`; or that who removes audit entries has one, `<database>_retention`. Fine to repeat.
 * @param secret that the password is made from: the same one at each start
 * @param use whose account it is
 * @returns its URL, password included: never log it
 * @throws Error saying what to do where accounts may not be made
 */
export async function ensureAppAccount(
  { owner, administrator }: DatabaseUrls,
  secret: string,
  use: keyof typeof rolesOf = 'app',
): Promise<string> {
  const url = new URL(owner);
  const role = rolesOf[use];
  const name = `${decodeURIComponent(url.pathname.slice(1))}_${use}`;
  const password = createHmac('sha256', secret).update(`the database account ${name}`).digest('base64url');
  const client = new Client({ connectionString: administrator });
  await client.connect();
  try {
    const account = client.escapeIdentifier(name);
    const known = await client.query('select 1 from pg_roles where rolname = $1', [name]);
    await client.query(`${known.rowCount === 0 ? 'create' : 'alter'} role ${account} login password ${client.escapeLiteral(password)}`);
    if (name !== role) await client.query(`grant ${role} to ${account}`);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== FORBIDDEN) throw error;
    throw new Error(
      `The account in DATABASE_URL may not make the account ${name} (${error.message}). ` +
        `Make one that is a member of ${role}, and give its URL as ${givenAs[use]} (docs/guides/operators.md).`,
      { cause: error },
    );
  } finally {
    await client.end();
  }
  url.username = name;
  url.password = password;
  return url.href;
}
