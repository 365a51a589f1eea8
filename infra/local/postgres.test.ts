import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { fieldOf } from './home.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { isRunning } from './processes.ts';

const base = mkdtempSync(join(tmpdir(), 'signet-postgres-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const password = 'only for this test';
const script = fileURLToPath(new URL('testing/try-postgres.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

function folderIn(mode: number, name: string): string {
  const parent = join(base, name);
  mkdirSync(parent);
  chmodSync(parent, mode);
  return join(parent, 'postgres');
}

async function start(folder: string) {
  return startPostgres({ folder, port: await freePort(), password });
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  test('starts in a folder that only this user may enter, keeps its data between starts and takes no other password', async () => {
    const folder = folderIn(0o700, 'private');
    const first = await start(folder);
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(folder);
    await expect(ask(second.url, 'select answer from kept')).resolves.toEqual([{ answer: 42 }]);
    const wrong = new URL(second.url);
    wrong.password = 'another';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    await second.stop();
    expect(isRunning(second.pid)).toBe(false);
  });

  test('has locks enough for a search of ten years of the trail', async () => {
    const server = await start(folderIn(0o700, 'locks'));
    await expect(ask(server.url, 'show max_locks_per_transaction')).resolves.toEqual([{ max_locks_per_transaction: '256' }]);
    await server.stop();
  });

  test('starts in a folder that everybody may enter', async () => {
    chmodSync(base, 0o755);
    const server = await start(folderIn(0o755, 'open'));
    await expect(ask(server.url, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
    await server.stop();
  });

  test('starts for an ordinary user', () => {
    const folder = folderIn(0o755, 'ordinary');
    chmodSync(base, 0o755);
    const command = [process.execPath, script, folder];
    const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const reachable =
      isRoot && spawnSync('setpriv', [...asNobody.slice(1), process.execPath, script], { encoding: 'utf8' }).stderr.includes('Usage');
    if (reachable) chownSync(join(base, 'ordinary'), 65_534, 65_534);
    const prefix = isRoot ? (reachable ? asNobody : ['unshare', '-U', '--map-user=65534', '--map-group=65534', '--']) : [];
    const [program, ...args] = [...prefix, ...command];
    const result = spawnSync(program ?? '', args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
    expect(result.stderr).toBe('');
    expect(JSON.parse(result.stdout)).toMatchObject({ uid: isRoot ? 65_534 : process.getuid?.(), version: '18.4' });
  });

  test('recovers from a launcher and a server that were killed, and from a process id that now belongs to another process', async () => {
    const folder = folderIn(0o700, 'killed');
    const launcher = spawn(process.execPath, [script, folder, 'hold'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const words = await new Promise<string>((resolve) => launcher.stdout.setEncoding('utf8').once('data', resolve));
    const pid = Number(fieldOf(JSON.parse(words), 'pid'));
    launcher.kill('SIGKILL');
    expect(isRunning(pid)).toBe(true);

    const beside = await start(folder);
    expect(isRunning(pid)).toBe(false);
    process.kill(beside.pid, 'SIGKILL');
    await beside.ended;

    const file = join(folder, 'cluster', 'postmaster.pid');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'));
    const last = await start(folder);
    await expect(ask(last.url, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
    await last.stop();
  });

  test('a damaged folder is refused with a message that names it', async () => {
    const folder = folderIn(0o700, 'damaged');
    mkdirSync(join(folder, 'cluster'), { recursive: true });
    await expect(start(folder)).rejects.toThrow(`The database folder ${join(folder, 'cluster')} is damaged: it is empty.`);
    writeFileSync(join(folder, 'cluster', 'PG_VERSION'), '13\n');
    await expect(start(folder)).rejects.toThrow('belongs to PostgreSQL "13"');
  });
});
