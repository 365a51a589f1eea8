import { NestFactory } from '@nestjs/core';
import { readSettings } from './env.ts';
import { makeLogger, nestLogger } from './logger.ts';
import { WorkerModule } from './worker.module.ts';

/** Starts the worker and stops it at SIGTERM or SIGINT: no job in hand is cut off, nothing is left open. */
async function main(): Promise<void> {
  const settings = readSettings();
  const logger = makeLogger(settings.LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(WorkerModule.register(settings, logger), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
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
