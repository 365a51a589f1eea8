import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../local/processes.ts';
import type { BenchSignet } from './bench-signet.ts';
import type { Bench } from './measurement.ts';

/**
 * Makes what runs something while Signet's worker stands still, so that no delivery is measured with it. For less than a minute each:
 * PostgreSQL ends transactions that are idle for longer, and the connections of whoever holds them.
 */
export function pausableDeliveries(bench: Bench, signet: BenchSignet): <T>(work: () => Promise<T>) => Promise<T> {
  const worker = signet.pidOf('worker');
  // A stopped process hears no request to end.
  bench.onEnd(() => {
    if (isRunning(worker)) process.kill(worker, 'SIGCONT');
  });
  return async (work) => {
    process.kill(worker, 'SIGSTOP');
    try {
      return await work();
    } finally {
      process.kill(worker, 'SIGCONT');
      await sleep(500);
    }
  };
}
