import { constants } from 'node:os';

/** How long what is in flight may take once the process was told to end, as in the api; then it is cut. */
const IN_FLIGHT_MILLISECONDS = 8_000;

/**
 * Holds the end of the process to a limit, and has a second signal end it at once. The rest Next does itself: told to end, its server
 * takes no more connections, lets requests finish for as long as they like, and exits with 128 and the signal's number.
 */
export function endInTime(): void {
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) end(1, 'told a second time: ended at once');
      ending = true;
      setTimeout(() => {
        end(128 + constants.signals[signal], 'what was in flight did not finish in time and is cut');
      }, IN_FLIGHT_MILLISECONDS).unref();
    });
  }
}

function end(code: number, message: string): never {
  process.stderr.write(`${JSON.stringify({ level: 'warn', time: new Date().toISOString(), app: 'portal', message })}\n`);
  process.exit(code);
}
