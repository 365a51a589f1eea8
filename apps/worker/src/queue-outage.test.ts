import { startStallingProxy, type StallingProxy } from '@signet/db/testing/stalling-proxy';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { readinessOf } from './readiness.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { startTestRedis, type TestRedis } from './testing/redis-server.ts';
import { entriesOf, openTestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };
let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

test.each<[string, (proxy: StallingProxy) => void]>([
  ['stopped', (proxy) => proxy.refuse()],
  ['hanging', (proxy) => proxy.stall()],
])(
  'with the queue %s messages are accepted and the outbox grows, readiness says why, and all is done when it is back',
  async (_, harm) => {
    const proxy = await startStallingProxy(redis.url);
    onTestFinished(() => proxy.close());
    const nextHop = await startNextHop();
    const worker = await openTestWorker({ redisUrl: proxy.url, nextHopUrl: nextHop.url });
    await worker.accept(['before@example.net']);
    const relay = worker.run();
    const checks = [
      { subject: 'queue', check: () => worker.queues.check() },
      {
        subject: 'relay',
        check: async () => {
          if (relay.trouble !== null) throw new Error(relay.trouble);
        },
      },
    ];
    await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);
    expect(await readinessOf(checks)).toMatchObject({ status: 'ok' });

    harm(proxy);
    for (let count = 0; count < 10; count += 1) await worker.accept([`r${count}@example.net`]);
    expect(await worker.system.query('select 1 from outbox')).toHaveLength(20);
    await vi.waitFor(() => expect(relay.trouble).toContain('The queue is not available'), patience);
    const found = await readinessOf(checks);
    expect([found.status, Object.keys(found.reasons)]).toEqual(['unavailable', ['queue', 'relay']]);
    expect(await worker.system.query('select 1 from outbox')).toHaveLength(20);

    proxy.recover();
    await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);
    expect(await entriesOf(worker, 'MessageSend')).toHaveLength(11);
    expect(nextHop.mails.map((mail) => mail.to).toSorted()).toEqual(
      ['before@example.net', ...Array.from({ length: 10 }, (__, index) => `r${index}@example.net`)].toSorted(),
    );
    expect(relay.trouble).toBeNull();
    expect(await readinessOf(checks)).toMatchObject({ status: 'ok', reasons: {} });
  },
  120_000,
);
