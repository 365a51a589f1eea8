import { randomUUID } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { Database } from '../database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the PostgreSQL server that the run started (superuser), with a migrated database `signet_template` on it. */
    databaseServerUrl: string;
    /** The account that migrated it and owns its tables, and the one that apps have: no more rights than in production. */
    databaseAccounts: { readonly owner: Account; readonly app: Account; readonly retention: Account };
  }
}

interface Account {
  readonly user: string;
  readonly password: string;
}

/** A database of its own for one test file. */
export interface TestDatabase {
  /** For the apps' account, as they have it in production: what lacks a grant fails here. */
  readonly url: string;
  /** For the account that migrates. */
  readonly ownerUrl: string;
  /** For the account that removes audit entries. */
  readonly retentionUrl: string;
  drop(): Promise<void>;
}

/** Clones the migrated template: 25–50 ms, and nothing another file does shows in it. @param template `template1`: no migration in it. */
export async function cloneTestDatabase(template: 'signet_template' | 'template1' = 'signet_template'): Promise<TestDatabase> {
  const { owner, app } = inject('databaseAccounts');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer('postgres', `create database ${name} template ${template} owner ${owner.user}`);
  const { href } = urlOf(name);
  return {
    url: urlFor(href, app),
    ownerUrl: urlFor(href, owner),
    retentionUrl: retentionUrl(href),
    drop: async () => void (await onServer('postgres', `drop database if exists ${name} with (force)`)),
  };
}

/** A clone, opened, that the running test closes and drops when it ends. */
export async function openTestDatabase(): Promise<Database & Pick<TestDatabase, 'url' | 'ownerUrl' | 'retentionUrl'>> {
  const clone = await cloneTestDatabase();
  const database = new Database({ url: clone.url, applicationName: 'signet-test' });
  onTestFinished(async () => {
    await database.close();
    await clone.drop();
  });
  return Object.assign(database, { url: clone.url, ownerUrl: clone.ownerUrl, retentionUrl: clone.retentionUrl });
}

/**
 * Does to a test's database what no app may: looks behind all walls, changes its tables. As superuser, whom no wall holds.
 * @param databaseUrl of the database, whosever it is.
 */
export function asSuperuser<R extends QueryResultRow>(databaseUrl: string, sql: string): Promise<R[]> {
  return onServer<R>(new URL(databaseUrl).pathname.slice(1), sql);
}

/** A test's database for the account that removes audit entries. @param databaseUrl of the database, whosever it is. */
export function retentionUrl(databaseUrl: string): string {
  return urlFor(databaseUrl, inject('databaseAccounts').retention);
}

function urlFor(databaseUrl: string, { user, password }: Account): string {
  const url = new URL(databaseUrl);
  url.username = user;
  url.password = password;
  return url.href;
}

function urlOf(database: string): URL {
  const url = new URL(inject('databaseServerUrl'));
  url.pathname = `/${database}`;
  return url;
}

async function onServer<R extends QueryResultRow>(database: string, sql: string): Promise<R[]> {
  const client = new Client({ connectionString: urlOf(database).href });
  await client.connect();
  try {
    const { rows } = await client.query<R>(sql);
    return rows;
  } finally {
    await client.end();
  }
}
