import { createSecretKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Database } from '@signet/db/database';
import { isLoopbackHost } from '@signet/domain/public-url';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { pino } from 'pino';
import { readSettings } from './env.ts';
import type { Settings } from './env.ts';
import { errorFacts } from './error-facts.ts';
import { startGateway } from './gateway.ts';

/** Connections to the database: about one for each message that is being committed. */
const CONNECTIONS = 12;

/** After so long without an answer of the database the client is told to come again. */
const QUERY_MILLISECONDS = 20_000;

/**
 * Starts the gateway, and ends it on SIGTERM or SIGINT: no new messages, those in hand finished, everything closed. A second
 * signal ends it at once.
 * @throws when something that it needs is not there: an old schema, a key that does not open, a port that is taken.
 */
async function start(settings: Settings): Promise<void> {
  const log = pino({ level: settings.LOG_LEVEL, base: { app: 'gateway' } });
  const vault = new Vault({
    blobStore: await openBlobStore(settings.BLOB_URL),
    keyProvider: await openKeyProvider(settings.KEY_PROVIDER_URL),
  });
  const database = new Database({
    url: settings.DATABASE_URL,
    applicationName: 'signet-gateway',
    secrets: vault,
    maxConnections: CONNECTIONS,
    requireWall: ![settings.GATEWAY_HOST, new URL(settings.PUBLIC_URL).hostname].every(isLoopbackHost),
    queryTimeoutMilliseconds: QUERY_MILLISECONDS,
  });
  for (const finding of await database.check()) log.warn(finding);
  const gateway = await startGateway({
    database,
    vault,
    log,
    name: new URL(settings.PUBLIC_URL).hostname,
    host: settings.GATEWAY_HOST,
    port: settings.GATEWAY_PORT,
    metricsHost: settings.GATEWAY_METRICS_HOST,
    metricsPort: settings.GATEWAY_METRICS_PORT,
    tls: await readCertificate(settings),
    loopKeys: [createSecretKey(settings.LOOP_KEY)],
    maxMessageBytes: settings.MAX_MESSAGE_BYTES,
  });
  log.info({ host: settings.GATEWAY_HOST, port: gateway.port, metricsPort: gateway.metricsPort }, 'listening');

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    log.info({ signal }, 'ending');
    await gateway.stop();
    await database.close();
    log.info('ended');
    process.exit(0);
  };
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) {
        log.warn({ signal }, 'told a second time: ended at once');
        process.exit(1);
      }
      ending = true;
      end(signal).catch((error: unknown) => {
        log.error({ error: errorFacts(error) }, 'could not end cleanly');
        process.exit(1);
      });
    });
  }
}

async function readCertificate({ GATEWAY_TLS_CERT, GATEWAY_TLS_KEY }: Settings): Promise<{ cert: string; key: string } | null> {
  if (GATEWAY_TLS_CERT === undefined || GATEWAY_TLS_KEY === undefined) return null;
  const [cert, key] = await Promise.all([readFile(GATEWAY_TLS_CERT, 'utf8'), readFile(GATEWAY_TLS_KEY, 'utf8')]);
  return { cert, key };
}

if (import.meta.main) {
  try {
    await start(readSettings());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
