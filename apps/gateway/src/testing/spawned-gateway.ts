import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import type { TestGateway } from './test-gateway.ts';

/** Every file under a folder. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Starts the gateway's own program on what a test's gateway stands on.
 * @param prefix a program and its arguments that start it, where the process is to be held short of something.
 */
export async function spawnGateway(running: TestGateway, environment: Record<string, string> = {}, prefix: readonly string[] = []) {
  const own = [process.execPath, '--conditions=@signet/source', fileURLToPath(new URL('../main.ts', import.meta.url))];
  const [program = '', ...args] = [...prefix, ...own];
  const child = spawn(program, args, {
    env: {
      NODE_ENV: 'test',
      SIGNET_MODE: 'demo',
      DATABASE_URL: running.databaseUrl,
      BLOB_URL: pathToFileURL(running.blobFolder).href,
      KEY_PROVIDER_URL: pathToFileURL(join(running.folder, 'master.key')).href,
      PUBLIC_URL: 'http://localhost:3000',
      LOOP_KEY: randomBytes(32).toString('base64url'),
      GATEWAY_PORT: '0',
      GATEWAY_METRICS_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const ports = await new Promise<{ port: number; metricsPort: number }>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const listening = /"port":(\d+),"metricsPort":(\d+),.*"msg":"listening"/.exec(output);
        if (listening) resolve({ port: Number(listening[1]), metricsPort: Number(listening[2]) });
      });
    }
    child.once('exit', () => resolve({ port: 0, metricsPort: 0 }));
  });
  return { child, ...ports, output: () => output };
}
