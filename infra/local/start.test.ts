import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { claimHome, readSecrets } from './home.ts';
import { freePort } from './ports.ts';

const base = mkdtempSync(join(tmpdir(), 'signet-start-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const portNames = ['PORTAL_PORT', 'API_PORT', 'GATEWAY_PORT', 'MAILBOX_PORT', 'MAILBOX_SMTP_PORT', 'DATABASE_PORT'] as const;

/** Runs the start with free ports, but for what `variables` say, and returns how it ended. */
async function start(variables: Readonly<Record<string, string>>): Promise<{ code: number | null; stderr: string }> {
  const ports: Record<string, string> = {};
  for (const name of portNames) ports[name] = String(await freePort());
  const script = fileURLToPath(new URL('start.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {
    env: { PATH: '/usr/bin:/bin', SIGNET_HOME: join(base, 'home'), ...ports, ...variables },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

describe('npm start', () => {
  test('a port in use ends the start with its number, the variable that sets another, and an exit code', async () => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => void taken.listen(port, '127.0.0.1', resolve));
    const { code, stderr } = await start({ API_PORT: String(port) });
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`Port ${port} is in use. Free it, or set API_PORT to another port.\n`);
  });

  test('a variable that is no port is named', async () => {
    const { code, stderr } = await start({ GATEWAY_PORT: 'smtp' });
    expect(code).toBe(1);
    expect(stderr).toBe('GATEWAY_PORT must be a port from 1 to 65535, not smtp.\n');
  });

  test('a data folder that cannot be made is named', async () => {
    const file = join(base, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await start({ SIGNET_HOME: join(file, 'home') });
    expect(code).toBe(1);
    expect(stderr).toContain(`The data folder ${join(file, 'home')} cannot be used`);
  });
});

describe('data folder', () => {
  test('what a killed start left running is ended by the next one', async () => {
    const home = join(base, 'left');
    mkdirSync(home);
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000) // signet-left-behind'], { detached: true, stdio: 'ignore' });
    const ended = new Promise((resolve) => left.once('exit', (_code, signal) => resolve(signal)));
    await new Promise((resolve) => left.once('spawn', resolve));
    const processes = [{ pid: left.pid, mark: 'signet-left-behind' }];
    writeFileSync(join(home, 'start.json'), JSON.stringify({ pid: 2 ** 22 + 1, processes }));
    const claim = await claimHome(home);
    await expect(ended).resolves.toBe('SIGTERM');
    claim.release();
  });

  test('a process that merely has the number of one left behind is not touched', async () => {
    const home = join(base, 'number');
    mkdirSync(home);
    writeFileSync(
      join(home, 'start.json'),
      JSON.stringify({ pid: 2 ** 22 + 1, processes: [{ pid: process.pid, mark: 'something else' }] }),
    );
    const claim = await claimHome(home);
    claim.release();
    expect(process.exitCode).toBeUndefined();
  });

  test('damaged secrets are refused, since new ones would not open what was stored', () => {
    const home = join(base, 'secrets');
    mkdirSync(join(home, 'postgres', 'cluster'), { recursive: true });
    expect(() => readSecrets(home)).toThrow('it has a database but no secrets.json');
    writeFileSync(join(home, 'secrets.json'), '{ "databasePassword": ');
    expect(() => readSecrets(home)).toThrow('secrets.json cannot be read');
  });

  test('secrets are made once, at 256 bits each', () => {
    const home = join(base, 'fresh');
    mkdirSync(home);
    const secrets = readSecrets(home);
    expect(readSecrets(home)).toEqual(secrets);
    expect(Object.values(secrets).map((secret) => Buffer.from(secret, 'base64url').length)).toEqual([32, 32, 32, 32]);
    expect(new Set(Object.values(secrets)).size).toBe(4);
  });
});
