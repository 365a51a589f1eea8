import { parseArgs } from 'node:util';
import { Database } from '@signet/db/database';
import { logStreams } from '@signet/domain/log/checkpoint';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { z } from 'zod';
import { readSettings } from './env.ts';
import { LogSealer } from './log-sealer.ts';

const USAGE = 'accept-log --organization <id> --log audit|admin --reason "why an older database is in place"';

const given = z.strictObject({ organization: z.uuid().toLowerCase(), log: z.enum(logStreams), reason: z.string().trim().min(1).max(1000) });

/** Goes on with a log as the database has it, on an operator's word (`LogSealer.accept`). */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { organization: text, log: text, reason: text } });
  const parsed = given.safeParse(values);
  if (!parsed.success)
    throw new Error(`${USAGE}\n  ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n  ')}`);
  const { organization: organizationId, log: stream, reason } = parsed.data;
  const { DATABASE_URL, BLOB_URL, KEY_PROVIDER_URL, PUBLIC_URL } = readSettings();
  const blobStore = await openBlobStore(BLOB_URL);
  const vault = new Vault({ blobStore, keyProvider: await openKeyProvider(KEY_PROVIDER_URL) });
  const database = new Database({ url: DATABASE_URL, applicationName: 'signet-accept-log', maxConnections: 2, secrets: vault });
  try {
    await database.check();
    const accepted = await new LogSealer({ database, vault, blobStore, publicUrl: PUBLIC_URL }).accept({ organizationId, stream }, reason);
    process.stdout.write(
      accepted === null ? 'Nothing is wrong with this log\n' : `The log goes on as it is in the database. It was refused: ${accepted}\n`,
    );
  } finally {
    await database.close();
  }
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
