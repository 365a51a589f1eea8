import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Database } from '@signet/db/database';
import { seedOrganization } from '@signet/db/testing/seed-organization';
import type { SeededOrganization } from '@signet/db/testing/seed-organization';
import { cloneTestDatabase } from '@signet/db/testing/test-database';
import { createMasterKeyFile } from '@signet/vault/local-key-provider';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { startGateway } from '../gateway.ts';
import type { Gateway, GatewayOptions } from '../gateway.ts';

export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A gateway on real parts, for the running test, which takes all of it away when it ends. */
export interface TestGateway {
  readonly gateway: Gateway;
  readonly port: number;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly vault: Vault;
  readonly folder: string;
  readonly blobFolder: string;
  readonly loopKey: KeyObject;
  readonly acme: SeededOrganization;
  readonly globex: SeededOrganization;
  /** Everything that was logged, at every level. */
  readonly logLines: string[];
}

/** @param options.way stands between the gateway and its database, and may fail. */
export async function startTestGateway(
  options: Partial<GatewayOptions> & { expiryInDays?: number; way?: (url: string) => Promise<string> } = {},
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-gateway-'));
  const blobFolder = join(folder, 'blobs');
  const masterKey = join(folder, 'master.key');
  await createMasterKeyFile(masterKey);
  const clone = await cloneTestDatabase();
  const url = options.way ? await options.way(clone.url) : clone.url;
  const vault = new Vault({
    blobStore: await openBlobStore(pathToFileURL(blobFolder).href),
    keyProvider: await openKeyProvider(pathToFileURL(masterKey).href),
  });
  const database = new Database({ url, applicationName: 'signet-gateway-test', queryTimeoutMilliseconds: 2_000, secrets: vault });
  const createKey = (id: string) => vault.createOrganizationKey(id);
  const acme = await seedOrganization(database, { createKey, domain: 'acme.example', expiryInDays: options.expiryInDays ?? 0 });
  const globex = await seedOrganization(database, { createKey, domain: 'globex.example', customTemplate: 'Globex' });
  const logLines: string[] = [];
  const loopKey = createSecretKey(randomBytes(32));
  const gateway = await startGateway({
    database,
    vault,
    log: pino({ level: 'trace' }, { write: (line) => void logLines.push(line) }),
    name: 'signet.example',
    host: '127.0.0.1',
    port: 0,
    metricsPort: 0,
    tls: null,
    loopKeys: [loopKey],
    maxMessageBytes: MAX_MESSAGE_BYTES,
    shutdownMilliseconds: 2_000,
    ...options,
  });
  onTestFinished(async () => {
    await gateway.stop();
    await database.close();
    await clone.drop();
    await rm(folder, { recursive: true, force: true });
  });
  return { gateway, port: gateway.port, database, databaseUrl: clone.url, vault, folder, blobFolder, loopKey, acme, globex, logLines };
}

/** A message as a client writes it: header lines, an empty line, the body; line ends CRLF, no line end at the end. */
export function mail(header: readonly string[], body = 'Hello'): string {
  return [...header, '', body].join('\r\n');
}

/** What the database holds of messages, and how many rows beside them. */
export async function storedMessages(database: Database) {
  return database.system.query<{
    message_id: string;
    subject: string | null;
    sender: string;
    original_only: string | null;
    recipients: string[];
    organization_id: string;
    id: string;
  }>(
    `select m.organization_id, m.id, m.message_id, m.subject, m.sender, m.original_only,
       (select array_agg(r.address order by r.address) from recipient r where r.organization_id = m.organization_id and r.message_uid = m.id) as recipients
     from message m order by m.id`,
  );
}
