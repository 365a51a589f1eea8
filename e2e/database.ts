import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';
import type { Signet } from './signet.ts';

const secrets = z.object({ portalSecret: z.string(), databasePassword: z.string() });

/** What a running Signet keeps secret, for tests that stand where its parts stand. */
export function secretsOf({ home }: Signet): z.infer<typeof secrets> {
  return secrets.parse(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')));
}

/** Runs one statement in the database of a running Signet, as its owner: what else would take hours, the age of a session for one. */
export async function runStatement(signet: Signet, text: string, values: readonly unknown[]): Promise<number> {
  const { databasePassword } = secretsOf(signet);
  const client = new Client({
    connectionString: `postgresql://signet:${databasePassword}@127.0.0.1:${signet.databasePort}/signet`,
    // Row-level security holds for the owner too: without it no row is seen.
    options: '-c signet.organization_id=every',
  });
  await client.connect();
  try {
    const { rowCount } = await client.query(text, [...values]);
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
