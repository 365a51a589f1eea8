import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Guard } from '../local/processes.ts';

export interface ReferenceServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts the same framework with nothing to do (see reference/server.mjs). @param file what it streams at `/file`, and answers for any link of the api where it is JSON. */
export async function startReferenceServer(guard: Guard, file = ''): Promise<ReferenceServer> {
  const script = fileURLToPath(new URL('reference/server.mjs', import.meta.url));
  const env = { NODE_ENV: 'production' };
  const child = spawn(process.execPath, [script, file], { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env });
  const { pid } = child;
  if (pid === undefined) throw new Error('The reference server cannot be run.');
  guard.watch(pid, 'SIGTERM');
  const ended = once(child, 'exit').then(() => guard.forget(pid));
  const port = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => Number(text)),
    ended.then(() => Promise.reject(new Error('The reference server ended before it was ready.'))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    pid,
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
