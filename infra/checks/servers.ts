import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../local/ports.ts';
import { startPostgres } from '../local/postgres.ts';
import type { Guard } from '../local/processes.ts';

export interface TestServers {
  readonly databaseServerUrl: string;
  readonly redisUrl: string;
  /** Folder of both servers' data, to be removed once the guard is closed. */
  readonly folder: string;
}

/** One PostgreSQL and one Redis for all suites of a run, on free ports of 127.0.0.1. The guard ends them. */
export async function startTestServers(guard: Guard, redisServer: string): Promise<TestServers> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-test-servers-'));
  const database = await startPostgres({
    folder: join(folder, 'postgres'),
    port: await freePort(),
    password: randomBytes(24).toString('base64url'),
    guard,
    // Thrown away after the run; what must survive a crash is tested against servers of its own.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const redisUrl = await startRedis(guard, redisServer, folder);
  return { databaseServerUrl: database.url, redisUrl, folder };
}

async function startRedis(guard: Guard, program: string, folder: string): Promise<string> {
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
  ];
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  if (child.pid === undefined) throw new Error(`${program} cannot be run.`);
  guard.watch(child.pid, 'SIGTERM');
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    if (await answersPing(port)) return `redis://127.0.0.1:${port}`;
    if (child.exitCode !== null) throw new Error(`redis-server ended with exit code ${child.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('redis-server did not answer within 10 s.');
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
