import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { SweepRefusedError } from './sweep-refused-error.ts';
import { SweepTimers, type Sweep } from './sweeps.ts';
import { openTestWorker } from './testing/test-worker.ts';

async function timersOf(run: Sweep['run'], alarm?: string) {
  const { metrics } = await openTestWorker();
  const log: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
  const timers = new SweepTimers([{ name: 'the-sweep', everySeconds: 3_600, run, ...(alarm !== undefined && { alarm }) }], metrics, logger);
  timers.start();
  return { timers, metrics, log };
}

test('a sweep that refuses to go on is an error in the log and counted as refused', async () => {
  const { timers, metrics, log } = await timersOf(() => Promise.reject(new SweepRefusedError('The database knows no message')));
  await vi.waitFor(async () =>
    expect(await metrics.registry.metrics()).toContain('signet_sweeps_total{sweep="the-sweep",result="refused"} 1'),
  );
  expect(log.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ level: 50, error: 'The database knows no message' }]);
  await timers.stop();
});

test('a sweep that must not fail unseen is an error in the log when it does, with what that means', async () => {
  const { timers, log } = await timersOf(() => Promise.reject(new Error('no lock')), 'Entries are kept all the same');
  await vi.waitFor(() => expect(log).toHaveLength(1));
  expect(log.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 50, sweep: 'the-sweep', error: 'no lock', msg: 'A sweep failed and is tried again. Entries are kept all the same' },
  ]);
  await timers.stop();
});

test('stopping tells a sweep under way, and waits for it', async () => {
  const over = vi.fn<() => void>();
  const begun = Promise.withResolvers<void>();
  const { timers } = await timersOf(async (stopping) => {
    begun.resolve();
    await new Promise((resolve) => stopping.addEventListener('abort', () => setTimeout(resolve, 50)));
    over();
    return 0;
  });
  await begun.promise;
  await timers.stop();
  expect(over).toHaveBeenCalledOnce();
});

test('a sweep that does not end holds the process up for five seconds only', async () => {
  const begun = Promise.withResolvers<void>();
  const { timers, log } = await timersOf(() => {
    begun.resolve();
    return new Promise(() => undefined);
  });
  await begun.promise;
  const from = performance.now();
  await timers.stop();
  expect(performance.now() - from).toBeLessThan(7_000);
  expect(log.join('')).toContain('cut off');
}, 15_000);
