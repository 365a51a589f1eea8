import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { Database } from '../database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the PostgreSQL server that the run started, with a migrated database `signet_template` on it. */
    databaseServerUrl: string;
  }
}

/** A database of its own for one test file. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Clones the migrated template: 25–50 ms, and nothing another file does shows in it. */
export async function cloneTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('databaseServerUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, `create database ${name} template signet_template`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `drop database if exists ${name} with (force)`) };
}

/** A clone, opened, that the running test closes and drops when it ends. */
export async function openTestDatabase(): Promise<Database> {
  const clone = await cloneTestDatabase();
  const database = new Database({ url: clone.url, applicationName: 'signet-test' });
  onTestFinished(async () => {
    await database.close();
    await clone.drop();
  });
  return database;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
