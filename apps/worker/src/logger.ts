import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { wordsOf } from './error-words.ts';

/**
 * The process's log: JSON lines on standard output. What goes in is kinds, ids, counts and the words of errors; never an
 * address's passcode, a link's token, a subject or content.
 */
export function makeLogger(level: string): Logger {
  return pino({ level, base: { app: 'worker' } });
}

/** Nest's own words in the same log. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message) => logger.debug(wordsOf(message)),
    debug: (message) => logger.debug(wordsOf(message)),
    verbose: (message) => logger.trace(wordsOf(message)),
    warn: (message) => logger.warn(wordsOf(message)),
    error: (message) => logger.error(wordsOf(message)),
    fatal: (message) => logger.fatal(wordsOf(message)),
  };
}
