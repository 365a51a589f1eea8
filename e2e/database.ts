import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { z } from 'zod';
import type { Signet } from './signet.ts';

const secrets = z.object({ portalSecret: z.string(), databasePassword: z.string() });

/** What a running Signet keeps secret, for tests that stand where its parts stand. */
export function secretsOf({ home }: Signet): z.infer<typeof secrets> {
  return secrets.parse(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')));
}

/** Runs one statement in the database of a running Signet, as its owner: what else would take hours, the age of a session for one. */
export async function runStatement(signet: Signet, text: string, values: readonly unknown[]): Promise<number> {
  // Row-level security holds for the owner too: without it no row is seen.
  const client = clientOf(signet, { user: 'signet', database: 'signet', options: '-c signet.organization_id=every' });
  await client.connect();
  try {
    const { rowCount } = await client.query(text, [...values]);
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/** Takes the database of a running Signet away while `work` runs: every connection is ended, and no new one is let in. */
export async function withoutDatabase<T>(signet: Signet, work: () => Promise<T>): Promise<T> {
  const superuser = clientOf(signet, { user: 'postgres', database: 'postgres' });
  await superuser.connect();
  try {
    await superuser.query('alter database signet with allow_connections false');
    await superuser.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'signet'");
    return await work();
  } finally {
    await superuser.query('alter database signet with allow_connections true');
    await superuser.end();
  }
}

/** Holds up whoever writes audit entries while `work` runs: what is recorded meanwhile is durable, and on its way. */
export function withoutNewEntries<T>(signet: Signet, work: () => Promise<T>): Promise<T> {
  return withLock(signet, 'lock table audit_entry in exclusive mode', work);
}

/** Holds up the watch over what lasts while `work` runs, which reads this table too: alerts of what is not so stay open. */
export function withoutAlertWatch<T>(signet: Signet, work: () => Promise<T>): Promise<T> {
  return withLock(signet, 'lock table feed_reader in access exclusive mode', work);
}

async function withLock<T>(signet: Signet, lock: string, work: () => Promise<T>): Promise<T> {
  const client = clientOf(signet, { user: 'signet', database: 'signet' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(lock);
    return await work();
  } finally {
    await client.end();
  }
}

function clientOf(signet: Signet, account: ClientConfig): Client {
  return new Client({ ...account, host: '127.0.0.1', port: signet.databasePort, password: secretsOf(signet).databasePassword });
}
