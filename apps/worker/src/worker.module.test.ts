import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { asSuperuser } from '@signet/db/testing/test-database';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import type { Settings } from './env.ts';
import { makeLogger, nestLogger } from './logger.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { freePort } from './testing/redis-server.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';
import { WorkerModule } from './worker.module.ts';

function settingsFor(around: TestWorker, port: number, nextHopUrl: string): Settings {
  return {
    NODE_ENV: 'test',
    SIGNET_MODE: 'production',
    DATABASE_URL: around.url,
    BLOB_URL: pathToFileURL(join(around.folder, 'blobs')).href,
    KEY_PROVIDER_URL: pathToFileURL(join(around.folder, 'master.key')).href,
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'https://mail.acme.example/',
    WORKER_METRICS_PORT: port,
    WORKER_METRICS_HOST: '127.0.0.1',
    SMTP_URL: nextHopUrl,
    MAIL_GIVE_UP_SECONDS: 432_000,
    MAIL_DELAYED_SECONDS: 14_400,
    BLOB_TRASH_DAYS: 30,
    LOOP_KEY: randomBytes(32),
  };
}

test('the worker starts, does what waits, says that it is ready and why it is not, counts, and stops with nothing left open', async () => {
  const nextHop = await startNextHop();
  const around = await openTestWorker();
  await around.accept(['bob@example.net']);
  const port = await freePort();
  const settings = settingsFor(around, port, nextHop.url);
  const logger = makeLogger(settings.LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(WorkerModule.register(settings, logger), { logger: nestLogger(logger) });
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  };

  await vi.waitFor(async () => expect(await around.system.query('select 1 from outbox')).toEqual([]), { timeout: 15_000 });
  expect(nextHop.mails[0]?.raw).toContain('https://mail.acme.example/m/');
  expect(await ask('/health/live')).toMatchObject({ status: 200 });
  expect(await ask('/health/ready')).toMatchObject({ status: 200 });
  const { text } = await ask('/metrics');
  expect(text).toContain('signet_mails_total{mail="wrapper",delivery="Sent"} 1');
  expect(text).toContain('signet_jobs_total{kind="send-wrapper-mail",result="done"} 1');
  expect(text).toContain('signet_outbox_rows{state="waiting"} 0');
  expect(await ask('/elsewhere')).toMatchObject({ status: 404 });

  await asSuperuser(around.url, 'update _prisma_migrations set finished_at = null');
  const unready = await ask('/health/ready');
  expect(unready.status).toBe(503);
  expect(JSON.parse(unready.text)).toMatchObject({
    status: 'unavailable',
    checks: { database: 'unavailable', queue: 'ok', blob_store: 'ok', key_provider: 'ok' },
    reasons: { database: expect.stringContaining('lacks migrations') },
  });

  await app.close();
  const left = () =>
    around.system.query("select 1 from pg_stat_activity where datname = current_database() and application_name = 'signet-worker'");
  await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 5_000 });
  await expect(ask('/health/live')).rejects.toThrow('fetch failed');
});

test('a database without the migrations that the worker needs stops the start', async () => {
  const around = await openTestWorker();
  await asSuperuser(around.url, 'update _prisma_migrations set finished_at = null');
  const settings = settingsFor(around, 0, 'smtp://127.0.0.1:1');
  const logger = makeLogger(settings.LOG_LEVEL);
  const start = NestFactory.createApplicationContext(WorkerModule.register(settings, logger), { logger: false, abortOnError: false });
  await expect(start).rejects.toThrow('The database lacks migrations');
});

test('an event that cannot become an entry is an error in the log at each attempt, by its row: what it says of people stays there', async () => {
  const nextHop = await startNextHop();
  const around = await openTestWorker();
  await around.accept(['bob@example.net']);
  const [bad] = await around.system.query<{ id: number }>(
    `update outbox set payload = payload || '{"version": "of bob@example.net"}' where kind = 'ingest-audit-event' returning id`,
  );
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const settings = settingsFor(around, await freePort(), nextHop.url);
  const app = await NestFactory.createApplicationContext(WorkerModule.register(settings, logger), { logger: false });
  await vi.waitFor(() => expect(lines.join('')).toContain('Events cannot become entries'), { timeout: 15_000 });
  await app.close();
  const line: unknown = JSON.parse(lines.find((each) => each.includes('Events cannot become entries')) ?? '');
  expect(line).toMatchObject({ level: 50, kind: 'ingest-audit-event', outboxIds: [String(bad?.id)] });
  expect(lines.join('')).not.toContain('bob@example.net');
});
