import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';

const secretPaths = ['*.password', '*.token', '*.secret', '*.authorization', '*.headers', 'err.config', 'err.parameters'];
/** Where PostgreSQL's errors quote the row or the statement that they are about. */
const quotingPaths = ['err.detail', 'err.where', 'err.hint', 'err.internalQuery'];

/** The process's logger. What could hold a secret is never handed to it; the paths here are a second wall. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { app: 'api' },
    redact: { paths: [...secretPaths, ...quotingPaths], remove: true },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Nest's own messages, in the same log. Its start-up chatter is for those who debug. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown) => logger.debug(text(message)),
    error: (message: unknown) => logger.error(text(message)),
    warn: (message: unknown) => logger.warn(text(message)),
    debug: (message: unknown) => logger.debug(text(message)),
    verbose: (message: unknown) => logger.trace(text(message)),
    fatal: (message: unknown) => logger.fatal(text(message)),
  };
}

function text(message: unknown): string {
  return message instanceof Error ? message.message : String(message);
}
