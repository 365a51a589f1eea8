import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { portDefaults, wholeEnvironment } from './env.ts';
import { fieldOf } from './home.ts';
import { freePort } from './ports.ts';

const base = mkdtempSync(join(tmpdir(), 'signet-stop-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A start, in a session of its own as in a terminal, that has said `word`. */
async function startedUntil(word: string) {
  const home = mkdtempSync(join(base, 'home-'));
  const ports = await Promise.all(Object.keys(portDefaults).map(async (name) => [name, String(await freePort())] as const));
  const child = spawn(process.execPath, [fileURLToPath(new URL('start.mjs', import.meta.url))], {
    env: { ...wholeEnvironment(), ...Object.fromEntries(ports), SIGNET_HOME: home },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes(word)) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`The start ended:\n${output}`)));
  });
  return { home, child, exit };
}

/** The process groups that a start wrote down, its own among them. */
function groupsOf(home: string): number[] {
  const noted: unknown = JSON.parse(readFileSync(join(home, 'start.json'), 'utf8'));
  const processes = fieldOf(noted, 'processes');
  return [noted, ...(Array.isArray(processes) ? processes : [])].map((each: unknown) => Number(fieldOf(each, 'pid')));
}

/** Whether a process of these groups runs; one that has ended and that nobody has reaped yet (a zombie) does not count. */
function isAnyLeft(groups: readonly number[]): boolean {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' });
  const processes = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return processes.some(([group, state = '']) => groups.includes(Number(group)) && !state.startsWith('Z'));
}

test('closing the terminal stops every part, each as it should end, and leaves no process behind', async () => {
  const { home, child, exit } = await startedUntil('Signet is ready');
  const groups = groupsOf(home);
  expect(groups.length).toBeGreaterThanOrEqual(8);
  child.stdout.destroy();
  child.stderr.destroy();
  process.kill(-(child.pid ?? 0), 'SIGHUP');
  expect(await exit).toEqual([0, null]);
  expect(isAnyLeft([child.pid ?? 0, ...groups])).toBe(false);
  expect(existsSync(join(home, 'start.json'))).toBe(false);
  expect(readFileSync(join(home, 'logs/api.log'), 'utf8')).toContain('"msg":"ended"');
  expect(readFileSync(join(home, 'logs/postgres.log'), 'utf8')).toContain('database system is shut down');
}, 300_000);

test('killed outright, launcher and start at once, it leaves no process behind', async () => {
  const { home, child, exit } = await startedUntil('Signet is ready');
  const groups = groupsOf(home);
  const [start = 0] = groups;
  expect(start).toBeGreaterThan(0);
  child.kill('SIGKILL');
  process.kill(start, 'SIGKILL');
  await exit;
  await expect.poll(() => isAnyLeft([child.pid ?? 0, ...groups]), { timeout: 60_000 }).toBe(false);
}, 300_000);

test('told to end while its parts are starting, it leaves no process behind', async () => {
  const { home, child, exit } = await startedUntil('Starting api');
  await expect.poll(() => groupsOf(home).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(7);
  const groups = groupsOf(home);
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(isAnyLeft([child.pid ?? 0, ...groups])).toBe(false);
  expect(existsSync(join(home, 'start.json'))).toBe(false);
}, 300_000);
