import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client as ApiClient } from '@signet/api-contract/client';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { Client, type QueryResultRow } from 'pg';
import { z } from 'zod';
import { local, startSignet, type Account, type StartedSignet } from '../signet.ts';
import type { Chance } from './chance.ts';
import { NextHop } from './next-hop.ts';
import { RedisQueue } from './redis-queue.ts';

/** Processes that `npm start` starts and starts again, by the end of what it notes of them. */
const marks = {
  gateway: 'apps/gateway/dist/main.js',
  api: 'apps/api/dist/main.js',
  worker: 'apps/worker/dist/main.js',
  PostgreSQL: '/postgres',
} as const;
export type Part = keyof typeof marks;

const startFile = z.object({ processes: z.array(z.object({ pid: z.int().min(2), mark: z.string() })) });
const secretsFile = z.object({ portalSecret: z.string(), databasePassword: z.string() });

/** A whole Signet with its queue in a Redis of its own and a next hop that counts. */
export interface RunningSystem {
  readonly home: string;
  readonly account: Account;
  readonly apiUrl: string;
  /** With a key that has every scope. */
  readonly api: ApiClient;
  readonly queue: RedisQueue;
  readonly nextHop: NextHop;
  /** Headers by which the portal speaks for a visitor. */
  readonly portalHeaders: (session?: string) => Record<string, string>;
  /** Asks the database as its superuser; waits while it is away. */
  readonly query: <R extends QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<R[]>;
  /** Ends a process at once, and returns when it is gone. */
  readonly kill: (part: Part, signal: 'SIGKILL' | 'SIGQUIT' | 'SIGTERM') => Promise<void>;
  /** Waits until a part that was killed is ready again, as `npm start` says. @param before how often it was until then. */
  readonly untilBack: (part: Part, before: number) => Promise<void>;
  readonly timesBack: (part: Part) => number;
  readonly stop: () => Promise<void>;
}

export async function startSystem(chance: Chance): Promise<RunningSystem> {
  const home = mkdtempSync(join(tmpdir(), 'signet-kill-'));
  const [queue, nextHop] = await Promise.all([RedisQueue.start(), NextHop.start(chance)]);
  const started = await startSignet(home, { REDIS_URL: queue.url, SMTP_URL: nextHop.url });
  const found = local.parse(JSON.parse(readFileSync(join(home, 'local.json'), 'utf8')));
  const { portalSecret, databasePassword } = secretsFile.parse(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')));
  const databaseUrl = `postgresql://postgres:${databasePassword}@127.0.0.1:${started.databasePort}/signet`;
  const timesBack = (part: Part) => started.output().split(`${part} is ready again`).length - 1;
  let visits = 0;
  return {
    home,
    account: found,
    apiUrl: found.apiUrl,
    api: createClient({ baseUrl: found.apiUrl, headers: { authorization: `Bearer ${found.apiKey}` } }),
    queue,
    nextHop,
    portalHeaders: (session) => {
      // Every call from another address: what is tested is not the gate that holds back floods from one.
      visits += 1;
      return {
        [portalHeader.secret]: portalSecret,
        [portalHeader.visitorIp]: `10.${(visits >> 16) & 255}.${(visits >> 8) & 255}.${visits & 255}`,
        [portalHeader.visitorAgent]: 'Mozilla/5.0 (X11; Linux x86_64) kill test',
        ...(session !== undefined && { [portalHeader.session]: session }),
      };
    },
    query: (sql, values) => askPatiently(databaseUrl, sql, values),
    kill: (part, signal) => kill(home, part, signal),
    untilBack: (part, before) => untilBack(started, part, () => timesBack(part) > before),
    timesBack,
    stop: async () => {
      await started.stop();
      await Promise.all([nextHop.stop(), queue.kill()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function kill(home: string, part: Part, signal: NodeJS.Signals): Promise<void> {
  const { processes } = startFile.parse(JSON.parse(readFileSync(join(home, 'start.json'), 'utf8')));
  const pid = processes.find(({ mark }) => mark.endsWith(marks[part]))?.pid;
  if (pid === undefined) throw new Error(`start.json does not name ${part}`);
  process.kill(pid, signal);
  for (const end = Date.now() + 30_000; isThere(pid); await sleep(2)) if (Date.now() > end) throw new Error(`${part} does not end`);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilBack(started: StartedSignet, part: Part, isBack: () => boolean): Promise<void> {
  for (const end = Date.now() + 90_000; !isBack(); await sleep(20)) {
    if (Date.now() > end) throw new Error(`${part} did not come back:\n${started.output().slice(-3_000)}`);
  }
}

async function askPatiently<R extends QueryResultRow>(url: string, sql: string, values: readonly unknown[] = []): Promise<R[]> {
  for (const end = Date.now() + 60_000; ;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<R>(sql, [...values])).rows;
    } catch (error) {
      if (Date.now() > end || (error instanceof Error && 'code' in error && /^(22|23|42)/.test(String(error.code)))) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
