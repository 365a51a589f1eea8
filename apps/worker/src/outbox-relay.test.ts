import { outboxJob } from '@signet/domain/jobs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from './testing/redis-server.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { entriesOf, openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };
let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

describe.each(['PostgreSQL', 'Redis'] as const)('with the queue on %s', (backend) => {
  async function open(nextHopUrl?: string): Promise<TestWorker> {
    if (backend === 'Redis') await onRedis((client) => client.flushdb());
    return openTestWorker({ ...(nextHopUrl ? { nextHopUrl } : {}), ...(backend === 'Redis' ? { redisUrl: redis.url } : {}) });
  }

  async function wipeQueue({ system }: TestWorker): Promise<number> {
    if (backend === 'Redis') return onRedis(async (client) => (await client.flushdb(), 1));
    const gone = await system.query('delete from bullmq.job returning 1');
    return gone.length;
  }

  test('what is accepted is sent and recorded', async () => {
    const nextHop = await startNextHop();
    const worker = await open(nextHop.url);
    await worker.accept(['bob@example.net']);
    worker.run();

    await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(1), patience);

    expect(await entriesOf(worker, 'MessageSend')).toHaveLength(1);
    expect(nextHop.mails).toHaveLength(1);
    expect(await worker.system.query('select 1 from outbox')).toEqual([]);
  });

  test('when the queue is wiped between lease and work, everything is still done once', async () => {
    const nextHop = await startNextHop();
    const worker = await open(nextHop.url);
    await worker.accept(['bob@example.net', 'eve@example.net']);
    expect(await worker.newRelay().handOn()).toBe(3);
    expect(await wipeQueue(worker)).toBeGreaterThan(0);
    worker.run();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(nextHop.mails).toEqual([]);

    await passTime(worker);
    await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(2), patience);

    expect(nextHop.mails.map((mail) => mail.to).toSorted()).toEqual(['bob@example.net', 'eve@example.net']);
    expect(await entriesOf(worker, 'MessageSend')).toHaveLength(1);
  });

  test('two relays at once never hand out one row twice', async () => {
    const worker = await open();
    const handed: string[] = [];
    const take = async (job: unknown) => void handed.push(...outboxJob.parse(job).ids);
    const consumers = (['ingest', 'mail'] as const).map((name) => worker.queues.consume(name, 1, take));
    worker.stops.push(async () => void (await Promise.all(consumers.map((consumer) => consumer.close()))));
    for (let count = 0; count < 20; count += 1) await worker.accept(['bob@example.net', 'eve@example.net']);
    const relays = [worker.newRelay(), worker.newRelay()];

    const counts = await Promise.all([...relays, ...relays].map((relay) => relay.handOn()));

    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
    await vi.waitFor(() => expect(handed).toHaveLength(60), patience);
    expect(new Set(handed).size).toBe(60);
  });

  test("a killed consumer's rows are handed on again once their lease has run out, and done once", async () => {
    const nextHop = await startNextHop();
    const worker = await open(nextHop.url);
    await worker.accept(['bob@example.net']);
    let taken = 0;
    const dying = (['ingest', 'mail'] as const).map((name) =>
      worker.queues.consume(name, 1, () => {
        taken += 1;
        return new Promise(() => undefined);
      }),
    );
    await worker.newRelay().handOn();
    await vi.waitFor(() => expect(taken).toBe(2), patience);
    await Promise.all(dying.map((consumer) => consumer.close(true)));
    const relay = worker.newRelay();
    expect(await relay.handOn()).toBe(0);

    await worker.system.query("update outbox set leased_until = clock_timestamp() - interval '1 second'");
    worker.run();
    await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(1), patience);

    expect(nextHop.mails).toHaveLength(1);
    expect(await entriesOf(worker, 'MessageSend')).toHaveLength(1);
  });

  test('a job leaves nothing in the queue', async () => {
    const nextHop = await startNextHop();
    const worker = await open(nextHop.url);
    await worker.accept(['bob@example.net']);
    worker.run();
    await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);

    const left = () =>
      backend === 'Redis'
        ? onRedis(async (client) => (await client.keys('bull:*')).filter((key) => /:\d+$/.test(key)))
        : worker.system.query('select 1 from bullmq.job');
    await vi.waitFor(async () => expect(await left()).toEqual([]), patience);
  });
});

test('rows that a stopping worker did not begin are handed on again at once, and its mails in hand go out once', async () => {
  const held = Promise.withResolvers<void>();
  const nextHop = await startNextHop(() => '250', held.promise);
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.accept(Array.from({ length: 18 }, (_, index) => `r${index}@example.net`));
  await worker.newRelay().handOn();
  const leaving = worker.newConsumers();
  leaving.start();
  await vi.waitFor(() => expect(nextHop.begun()).toBe(5), patience);
  const stopped = leaving.stop();
  held.resolve();
  await stopped;

  const claimable = await worker.system.query<{ count: number }>(
    `select count(*) as count from outbox where kind = 'send-wrapper-mail' and (leased_until is null or leased_until < clock_timestamp())`,
  );
  expect(claimable).toEqual([{ count: 13 }]);
  worker.run();
  await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);
  expect(nextHop.mails).toHaveLength(18);
  expect(new Set(nextHop.mails.map((mail) => mail.to)).size).toBe(18);
});

test('while the queue is away rows stay, and the relay says why', async () => {
  const worker = await openTestWorker({ redisUrl: 'redis://127.0.0.1:1' });
  await worker.accept(['bob@example.net']);
  const relay = worker.run();

  await vi.waitFor(() => expect(relay.trouble).toContain('The queue is not available'), patience);

  await expect(worker.queues.check()).rejects.toThrow('The queue is not available');
  const rows = await worker.system.query<{ leased: boolean; attempts: number }>(
    'select coalesce(leased_until > clock_timestamp(), false) as leased, attempts from outbox',
  );
  expect(rows).toEqual([
    { leased: false, attempts: 0 },
    { leased: false, attempts: 0 },
  ]);
});

async function onRedis<T>(work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
