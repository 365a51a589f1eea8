import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { startChild } from './children.ts';
import { isRunning, startGuard, waitForEnd } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-processes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function launch(): Promise<{ pid: number; started: number[] }> {
  const script = fileURLToPath(new URL('testing/launch-children.ts', import.meta.url));
  const launcher = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    launcher.once('error', reject);
    launcher.stdout.setEncoding('utf8').once('data', (text: string) => {
      const started: unknown = JSON.parse(text);
      resolve({ pid: launcher.pid ?? 0, started: Array.isArray(started) ? started.map(Number) : [] });
    });
  });
}

function guardNow(): number {
  return Number(readFileSync(join(folder, 'guard'), 'utf8'));
}

describe('guard', () => {
  test('a launcher killed with SIGKILL leaves no process behind, not even one that ignores SIGTERM', async () => {
    const { pid, started } = await launch();
    expect(started.map(isRunning)).toEqual([true, true, true]);
    process.kill(pid, 'SIGKILL');
    const ended = await Promise.all(started.map((child) => waitForEnd(child, 15_000)));
    expect(ended).toEqual([true, true, true]);
  });

  test('a guard killed with SIGKILL is followed by another one, which leaves no process behind either', async () => {
    const { pid, started } = await launch();
    const [obedient = 0, stubborn = 0, first = 0] = started;
    process.kill(first, 'SIGKILL');
    await expect.poll(guardNow, { timeout: 10_000 }).not.toBe(first);
    const second = guardNow();
    expect([obedient, stubborn, second].map(isRunning)).toEqual([true, true, true]);
    process.kill(pid, 'SIGKILL');
    const ended = await Promise.all([obedient, stubborn, second].map((child) => waitForEnd(child, 15_000)));
    expect(ended).toEqual([true, true, true]);
  });

  test('a guard killed just before it is closed does not hold up the end', async () => {
    const guard = startGuard();
    process.kill(guard.pid, 'SIGKILL');
    await guard.close();
    expect(isRunning(guard.pid)).toBe(false);
  });

  test('a child that was stopped is forgotten, and the guard ends once it is closed', async () => {
    const guard = startGuard();
    const child = startChild({
      name: 'stopped',
      command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
      env: {},
      logFile: join(folder, 'stopped.log'),
      guard,
    });
    await child.stop();
    await guard.close();
    expect([isRunning(child.pid), isRunning(guard.pid)]).toEqual([false, false]);
  });

  test('a child that is started once the guard was closed, as by a part that comes back at the wrong moment, does not live', async () => {
    const guard = startGuard();
    const closed = guard.close();
    const options = { command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], env: {}, guard } as const;
    const first = startChild({ ...options, name: 'late', logFile: join(folder, 'late.log') });
    await closed;
    const second = startChild({ ...options, name: 'later', logFile: join(folder, 'later.log') });
    expect(await Promise.all([first.ended, second.ended])).toEqual(['SIGKILL', 'SIGKILL']);
  });
});

test('the summary of a child that died names it, its exit code and its last lines', async () => {
  const guard = startGuard();
  const child = startChild({
    name: 'gateway',
    command: [process.execPath, '-e', `console.error('no such key'); process.exit(7)`],
    env: {},
    logFile: join(folder, 'died.log'),
    guard,
  });
  const summary = child.summary(await child.ended);
  await guard.close();
  expect(summary).toMatch(/^gateway ended \(exit code 7\)/);
  expect(summary).toContain('no such key');
});
