import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { Database } from '@signet/db/database';
import { cloneTestDatabase } from '@signet/db/testing/test-database';
import type { BlobStore } from '@signet/vault/blob-store';
import { createMasterKeyFile } from '@signet/vault/local-key-provider';
import { ParserPool } from '@signet/intake/parser-pool';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { afterAll } from 'vitest';
import { createApp } from '../create-app.ts';
import { apiDescription } from '../documentation/documentation.ts';
import { readSettings, type Settings } from '../env.ts';
import { ReadinessCheck } from '../health/readiness.ts';
import { createLogger } from '../logger.ts';
import { Metrics } from '../metrics.ts';

/** An api of its own for one test file: a real database, a real vault, real HTTP on a free port. */
export interface TestApi {
  readonly url: string;
  readonly settings: Settings;
  readonly database: Database;
  readonly vault: Vault;
  readonly metrics: Metrics;
  /** Everything that was logged, line by line as JSON. */
  readonly logLines: string[];
  /** Headers that prove that the portal speaks, for a visitor at an address. */
  portalHeaders(visitorIp?: string): Record<string, string>;
  /** Another api process on the same database and vault. @returns its address. */
  startAnother(): Promise<string>;
}

/**
 * Starts an api for the running test file, and takes everything away when the file is done.
 * @param overrides of its environment.
 * @param disk what becomes of the store of its blobs: nothing, unless said.
 */
export async function startTestApi(
  overrides: Record<string, string> = {},
  disk: (store: BlobStore) => BlobStore = (store) => store,
): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-api-test-'));
  const clone = await cloneTestDatabase();
  const masterKey = join(folder, 'master.key');
  await createMasterKeyFile(masterKey);
  const settings = readSettings({
    NODE_ENV: 'test',
    SIGNET_MODE: 'demo',
    DATABASE_URL: clone.url,
    BLOB_URL: `file://${join(folder, 'blobs')}`,
    KEY_PROVIDER_URL: `file://${masterKey}`,
    LOG_LEVEL: 'info',
    PUBLIC_URL: 'http://localhost:3000',
    API_PORT: '0',
    API_METRICS_PORT: '0',
    PORTAL_SECRET: randomBytes(32).toString('hex'),
    PASSCODE_KEY: randomBytes(32).toString('base64url'),
    LOOP_KEY: randomBytes(32).toString('base64url'),
    ...overrides,
  });
  const logLines: string[] = [];
  const logger = createLogger(settings.LOG_LEVEL, { write: (line) => void logLines.push(line) });
  const vault = new Vault({
    blobStore: disk(await openBlobStore(settings.BLOB_URL)),
    keyProvider: await openKeyProvider(settings.KEY_PROVIDER_URL),
  });
  const database = new Database({ url: clone.url, applicationName: 'signet-api-test', secrets: vault });
  const parser = new ParserPool();
  const metrics = new Metrics();
  const closers: (() => Promise<void>)[] = [];

  const startOne = async (): Promise<string> => {
    const readiness = new ReadinessCheck(database, vault, logger);
    const app = await createApp({ settings, database, vault, parser, logger, metrics, readiness, description: apiDescription() });
    closers.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    return (await app.getUrl()).replace('[::1]', 'localhost');
  };
  const url = await startOne();
  afterAll(async () => {
    await Promise.all(closers.map((close) => close()));
    await parser.close();
    await database.close();
    await clone.drop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    url,
    settings,
    database,
    vault,
    metrics,
    logLines,
    portalHeaders: (visitorIp = '203.0.113.7') => ({
      [portalHeader.secret]: settings.PORTAL_SECRET,
      [portalHeader.visitorIp]: visitorIp,
      [portalHeader.visitorAgent]: 'Test/1.0',
    }),
    startAnother: startOne,
  };
}
