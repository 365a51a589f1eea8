import { once } from 'node:events';
import { expect, test } from 'vitest';
import { MAIL_LANES } from './mail-lanes.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { spawnWorker } from './testing/spawned-worker.ts';
import { openTestWorker } from './testing/test-worker.ts';

const patience = { timeout: 20_000 };

async function readinessAt(metricsUrl: string): Promise<unknown> {
  const response = await fetch(`${metricsUrl}/health/ready`);
  return [response.status, await response.json()];
}

/** A worker with mail in hand that the next hop has, as much as it sends at once, and answers when told to. */
async function workerWithMailInHand(recipients: readonly string[] = ['bob@example.net']) {
  const held = Promise.withResolvers<void>();
  const nextHop = await startNextHop(() => '250', held.promise);
  const around = await openTestWorker();
  await around.accept(recipients);
  const spawned = await spawnWorker(around, nextHop.url);
  await expect.poll(() => nextHop.begun(), patience).toBe(Math.min(recipients.length, MAIL_LANES));
  const exit = once(spawned.child, 'exit');
  return { ...spawned, around, nextHop, exit, answer: () => held.resolve() };
}

test('told to stop, the worker is not ready, finishes the mail in hand, books its answer, and ends with 0', async () => {
  const { child, metricsUrl, around, exit, answer, output } = await workerWithMailInHand();
  expect(await readinessAt(metricsUrl)).toMatchObject([200, { checks: { running: 'ok' } }]);
  child.kill('SIGTERM');
  await expect.poll(() => readinessAt(metricsUrl), patience).toMatchObject([503, { reasons: { running: 'the worker is shutting down' } }]);
  await around.accept(['carol@example.net']);
  answer();
  expect(await exit, output()).toEqual([0, null]);
  // The mail is gone from the outbox, and its event is there or waits to be.
  expect(await around.system.query("select 1 from outbox where kind = 'send-wrapper-mail'")).toHaveLength(1);
});

test('with a next hop that does not answer in time, mails not begun are given back for another worker to send, and it ends with 0', async () => {
  const recipients = Array.from({ length: MAIL_LANES + 3 }, (_, index) => `r${index}@example.net`);
  const { child, around, nextHop, exit, answer, output } = await workerWithMailInHand(recipients);
  const told = performance.now();
  child.kill('SIGINT');
  expect(await exit, output()).toEqual([0, null]);
  const seconds = (performance.now() - told) / 1000;
  expect(seconds).toBeGreaterThan(19);
  expect(seconds).toBeLessThan(30);
  answer();
  await spawnWorker(around, nextHop.url);
  await expect.poll(() => nextHop.begun(), patience).toBe(recipients.length);
  // Those begun may have been taken: they wait for their claim, and none has come twice.
  expect(nextHop.mails.map(({ to }) => to).toSorted()).toEqual(recipients);
}, 90_000);

test('a second signal ends the worker at once, with an exit code that says so', async () => {
  const { child, metricsUrl, exit, output } = await workerWithMailInHand();
  child.kill('SIGTERM');
  await expect.poll(() => readinessAt(metricsUrl), patience).toMatchObject([503, {}]);
  const told = performance.now();
  child.kill('SIGTERM');
  expect(await exit, output()).toEqual([1, null]);
  expect(performance.now() - told).toBeLessThan(3_000);
});
