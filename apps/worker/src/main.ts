import { NestFactory } from '@nestjs/core';
import { readSettings } from './env.ts';
import { makeLogger, nestLogger } from './logger.ts';
import { WorkerModule } from './worker.module.ts';

/** How long stopping may take as a whole: jobs in hand have 20 s of it. */
const SHUTDOWN_MILLISECONDS = 30_000;

/** Starts the worker and stops it at SIGTERM or SIGINT: jobs in hand finish or are given back, nothing is left open. A second signal ends it at once. */
async function main(): Promise<void> {
  const settings = readSettings();
  const logger = makeLogger(settings.LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(WorkerModule.register(settings, logger), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.warn({ signal }, 'Told a second time: the worker ends at once');
      process.exit(1);
    }
    stopping = true;
    logger.info({ signal }, 'The worker stops');
    setTimeout(() => {
      logger.error('The worker could not stop in time');
      process.exit(1);
    }, SHUTDOWN_MILLISECONDS).unref();
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
