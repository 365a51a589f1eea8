import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Database } from '@signet/db/database';
import { isLoopbackHost } from '@signet/domain/public-url';
import { ParserPool } from '@signet/intake/parser-pool';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import type { Logger } from 'pino';
import { createApp } from './create-app.ts';
import { apiDescription } from './documentation/documentation.ts';
import { requireFoundations } from './doctor/foundations.ts';
import { readSettings, type Settings } from './env.ts';
import { startMetricsServer } from './health/metrics-server.ts';
import { ReadinessCheck } from './health/readiness.ts';
import { createLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { StreamsInFlight } from './recipient/streams-in-flight.ts';
import { offerSetup } from './setup/offer-setup.ts';

/** Whoever waits for an answer is told sooner that there is none than a statement may take. */
const QUERY_MILLISECONDS = 20_000;

/** How long requests in flight may take once the process was told to end; then they are cut. */
const IN_FLIGHT_MILLISECONDS = 8_000;

/** How long ending may take as a whole: what was cut is still written down, through a restart of the database. */
const SHUTDOWN_MILLISECONDS = 20_000;

/** How often connections whose last request was answered are closed while the process ends: their clients would keep them open. */
const IDLE_MILLISECONDS = 100;

/**
 * Starts the api and ends it again on SIGTERM or SIGINT: stops accepting, lets requests finish, closes what is open. A second signal
 * ends it at once.
 * @throws when something that it needs is not there: a schema that is too old, a key that does not open.
 */
async function start(settings: Settings): Promise<void> {
  const logger = createLogger(settings.LOG_LEVEL);
  const database: Database = new Database({
    url: settings.DATABASE_URL,
    applicationName: 'signet-api',
    requireWall: ![settings.API_HOST, new URL(settings.PUBLIC_URL).hostname].every(isLoopbackHost),
    queryTimeoutMilliseconds: QUERY_MILLISECONDS,
    // Nothing is recorded before the vault is there.
    secrets: { openSecret: (...given) => vault.openSecret(...given) },
  });
  const opening = {
    database: database.check(),
    blobStorage: openBlobStore(settings.BLOB_URL),
    keyProvider: openKeyProvider(settings.KEY_PROVIDER_URL),
  };
  await requireFoundations(opening);
  for (const finding of await opening.database) logger.warn(finding);
  const vault = new Vault({ blobStore: await opening.blobStorage, keyProvider: await opening.keyProvider });
  const parser = new ParserPool();
  const metrics = new Metrics();
  const readiness = new ReadinessCheck(database, vault, logger);
  const app = await createApp({ settings, database, vault, parser, logger, metrics, readiness, description: apiDescription() });
  const metricsServer = await startMetricsServer({ metrics, readiness }, { host: settings.API_HOST, port: settings.API_METRICS_PORT });

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info({ signal }, 'ending');
    setTimeout(() => {
      logger.error('could not end in time');
      process.exit(1);
    }, SHUTDOWN_MILLISECONDS).unref();
    readiness.beginShutdown();
    await closeApp(app, logger);
    await parser.close();
    await metricsServer.close();
    await database.close();
    logger.info('ended');
    process.exit(0);
  };
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) {
        logger.warn({ signal }, 'told a second time: ended at once');
        process.exit(1);
      }
      ending = true;
      end(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'could not end cleanly');
        process.exit(1);
      });
    });
  }

  await app.listen(settings.API_PORT, settings.API_HOST);
  logger.info({ url: await app.getUrl(), metricsPort: metricsServer.port }, 'listening');
  // On stdout as it is, for whoever started it: no line of the log has a field that holds it. The demo is made by `seed-demo`.
  const offer = settings.SIGNET_MODE === 'production' ? await offerSetup(database.system) : null;
  if (offer !== null) process.stdout.write(offer);
}

/** Accepts nothing more, and returns once every request in flight has ended or was cut. */
async function closeApp(app: NestFastifyApplication, logger: Logger): Promise<void> {
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_MILLISECONDS);
  const late = setTimeout(() => {
    logger.warn('what was in flight did not finish in time and is cut');
    app.get(StreamsInFlight, { strict: false }).cutAll();
    server.closeAllConnections();
  }, IN_FLIGHT_MILLISECONDS);
  await app.close();
  clearInterval(idle);
  clearTimeout(late);
}

if (import.meta.main) {
  try {
    await start(readSettings());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
