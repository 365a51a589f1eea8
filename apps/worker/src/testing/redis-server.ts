import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { testEnvironment } from './env.ts';

/** A Redis for one test file. */
export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Its last database, so that nobody else's keys are met. */
const DATABASE = 15;

/**
 * The Redis that the run provides, or one started from the PATH.
 * @throws where there is neither, saying how to get it: these tests are never skipped.
 */
export async function startTestRedis(): Promise<TestRedis> {
  if (testEnvironment.TEST_REDIS_URL !== undefined) {
    return { url: `${testEnvironment.TEST_REDIS_URL.replace(/\/\d*$/, '')}/${DATABASE}`, stop: async () => undefined };
  }
  const folder = await mkdtemp(join(tmpdir(), 'signet-redis-'));
  const port = await freePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    {
      stdio: 'ignore',
    },
  );
  await once(child, 'spawn').catch((error: unknown) => {
    throw new Error(
      'These tests need Redis: apt-get install redis-server, or brew install redis, or TEST_REDIS_URL; `npm test` brings it by itself.',
      { cause: error },
    );
  });
  const url = `redis://127.0.0.1:${port}/${DATABASE}`;
  await untilItAnswers(url);
  return {
    url,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new Error('There is no free port');
  return address.port;
}
