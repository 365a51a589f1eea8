import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base } from '@playwright/test';
import { createClient, type Client } from '@signet/api-contract/client';
import { z } from 'zod';
import { environment, wholeEnvironment } from './env.ts';
import { Mailbox } from './mailbox.ts';
import { startNameServer } from './name-server.ts';

const account = z.object({
  smtp: z.object({ host: z.string(), port: z.number(), username: z.string(), password: z.string() }),
  apiKey: z.string(),
  admin: z.object({ email: z.string(), password: z.string() }),
  organizationDomain: z.string(),
});
export type Account = z.infer<typeof account>;

/** What `npm start` writes down for programs. */
export const local = account.extend({ portalUrl: z.url(), apiUrl: z.url(), mailboxUrl: z.url().optional(), other: account });

/** A whole Signet that `npm start` started for the tests, in a folder of its own. */
export interface Signet extends z.infer<typeof local> {
  readonly mailboxUrl: string;
  /** SIGNET_HOME. */
  readonly home: string;
  readonly databasePort: number;
  readonly mailbox: Mailbox;
  /** What the DNS says: the text of each name. */
  readonly dns: Map<string, string>;
  /** The typed client, with the first organization's key, which has every scope. */
  readonly api: Client;
}

export interface SystemOptions {
  queue: 'postgresql' | 'redis';
  signet: Signet;
}

/** Playwright's test with a running Signet, one for all tests of a project. */
export const test = base.extend<object, SystemOptions>({
  queue: ['postgresql', { option: true, scope: 'worker' }],
  signet: [
    async ({ queue }, use) => {
      const home = mkdtempSync(join(tmpdir(), 'signet-e2e-'));
      if (queue === 'redis' && environment.TEST_REDIS_URL === undefined) throw new Error('TEST_REDIS_URL must name a Redis server');
      const names = await startNameServer();
      const started = await startSignet(home, {
        DNS_SERVERS: names.address,
        ...(queue === 'redis' && { REDIS_URL: environment.TEST_REDIS_URL }),
      });
      try {
        const found = local.parse(JSON.parse(readFileSync(join(home, 'local.json'), 'utf8')));
        if (found.mailboxUrl === undefined) throw new Error('This Signet has no mailbox');
        const api = createClient({ baseUrl: found.apiUrl, headers: { authorization: `Bearer ${found.apiKey}` } });
        const { databasePort } = started;
        const mailbox = new Mailbox(found.mailboxUrl);
        await use({ ...found, mailboxUrl: found.mailboxUrl, home, databasePort, mailbox, dns: names.records, api });
      } finally {
        await started.stop();
        await names.stop();
        rmSync(home, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: 180_000 },
  ],
});

/** A Signet of its own, started by `npm start`. */
export interface StartedSignet {
  readonly databasePort: number;
  /** What it printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Runs the README's first command until it says that it is ready. */
export async function startSignet(home: string, variables: NodeJS.ProcessEnv): Promise<StartedSignet> {
  const root = resolve(import.meta.dirname, '..');
  const names = ['PORTAL_PORT', 'API_PORT', 'GATEWAY_PORT', 'MAILBOX_PORT', 'MAILBOX_SMTP_PORT', 'DATABASE_PORT'] as const;
  const ports = await freePorts(names.length);
  const env: NodeJS.ProcessEnv = {
    ...wholeEnvironment,
    ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])),
    SIGNET_HOME: home,
    // Large enough that a download is still under way when the buffers on its way are full.
    MAX_MESSAGE_BYTES: String(128 * 1024 * 1024),
    ...variables,
  };
  // In a group of its own: a terminal's Ctrl-C reaches every process of it too.
  const child = spawn('npm', ['start', '--silent'], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ready = new Promise<void>((done, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Signet is ready')) done();
      });
    }
    child.once('exit', (code) => fail(new Error(`npm start ended with ${code}:\n${output.slice(-5_000)}`)));
  });
  await ready;
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await ended;
  };
  return { stop, output: () => output, databasePort: Number(env['DATABASE_PORT']) };
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server listens on no port');
  return address.port;
}

/**
 * Ports of 127.0.0.1 that nobody listens on, of those that systems do not give to outgoing connections by themselves (Linux does from 32768 on,
 * macOS from 49152 on): one of these could be taken before what it is for has started.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; tries < 100 * count && found.size < count; tries += 1) {
    const port = randomInt(10_000, 30_000);
    if (await isFree(port)) found.add(port);
  }
  if (found.size < count) throw new Error('No port of 127.0.0.1 is free');
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
