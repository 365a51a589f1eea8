import { Database } from '@signet/db/database';
import { isLoopbackHost } from '@signet/domain/public-url';
import { ParserPool } from '@signet/intake/parser-pool';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { createApp } from './create-app.ts';
import { apiDescription } from './documentation/documentation.ts';
import { readSettings, type Settings } from './env.ts';
import { startMetricsServer } from './health/metrics-server.ts';
import { ReadinessCheck } from './health/readiness.ts';
import { createLogger } from './logger.ts';
import { Metrics } from './metrics.ts';

/** Whoever waits for an answer is told sooner that there is none than a statement may take. */
const QUERY_MILLISECONDS = 20_000;

/** How long requests in flight may take once the process was told to end. */
const SHUTDOWN_MILLISECONDS = 20_000;

/**
 * Starts the api and ends it again on SIGTERM or SIGINT: stops accepting, lets requests finish, closes what is open.
 * @throws when something that it needs is not there: a schema that is too old, a key that does not open.
 */
async function start(settings: Settings): Promise<void> {
  const logger = createLogger(settings.LOG_LEVEL);
  const database = new Database({
    url: settings.DATABASE_URL,
    applicationName: 'signet-api',
    requireWall: ![settings.API_HOST, new URL(settings.PUBLIC_URL).hostname].every(isLoopbackHost),
    queryTimeoutMilliseconds: QUERY_MILLISECONDS,
  });
  for (const finding of await database.check()) logger.warn(finding);
  const vault = new Vault({
    blobStore: await openBlobStore(settings.BLOB_URL),
    keyProvider: await openKeyProvider(settings.KEY_PROVIDER_URL),
  });
  const parser = new ParserPool();
  const metrics = new Metrics();
  const readiness = new ReadinessCheck(database, vault, logger);
  const app = await createApp({ settings, database, vault, parser, logger, metrics, readiness, description: apiDescription() });
  const metricsServer = await startMetricsServer({ metrics, readiness }, { host: settings.API_HOST, port: settings.API_METRICS_PORT });

  let ending = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (ending) return;
    ending = true;
    logger.info({ signal }, 'ending');
    setTimeout(() => {
      logger.error('requests in flight did not finish in time');
      process.exit(1);
    }, SHUTDOWN_MILLISECONDS).unref();
    readiness.beginShutdown();
    await app.close();
    await parser.close();
    await metricsServer.close();
    await database.close();
    logger.info('ended');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      end(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'could not end cleanly');
        process.exit(1);
      });
    });
  }

  await app.listen(settings.API_PORT, settings.API_HOST);
  logger.info({ url: await app.getUrl(), metricsPort: metricsServer.port }, 'listening');
}

if (import.meta.main) {
  try {
    await start(readSettings());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
