import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { portDefaults } from './env.ts';
import type { PortName } from './env.ts';

const given = new Set<number>();

/**
 * A TCP port of 127.0.0.1 that nobody listens on and that was not asked for before, of those that systems do not give to outgoing
 * connections by themselves (Linux does from 32768 on, macOS from 49152 on): one of these could be taken before what it is for has started.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(10_000, 30_000);
    if (given.has(port) || (await problemOf(port)) !== undefined) continue;
    given.add(port);
    return port;
  }
  throw new Error('No port of 127.0.0.1 is free.');
}

/**
 * Makes sure that every one of the ports can be listened on, before anything is started.
 * @throws Error with a line for each one that cannot, naming the variable that sets another
 */
export async function requirePorts(ports: Readonly<Partial<Record<PortName, number>>>): Promise<void> {
  const problems: string[] = [];
  const seen = new Map<number, string>();
  for (const name of Object.keys(portDefaults)) {
    const port = Object.entries(ports).find(([key]) => key === name)?.[1];
    if (port === undefined) continue;
    const same = seen.get(port);
    const problem = same === undefined ? await problemOf(port) : `is the port of ${same} too`;
    if (problem !== undefined) problems.push(`Port ${port} ${problem}. Free it, or set ${name} to another port.`);
    seen.set(port, name);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function problemOf(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      resolve(code === 'EADDRINUSE' ? 'is in use' : code === 'EACCES' ? 'may not be used by this user' : error.message);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}
