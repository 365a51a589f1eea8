import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePort } from './redis-server.ts';
import type { TestWorker } from './test-worker.ts';

/** Starts the worker's own program, as it was built, on what a test's worker stands on, and waits until it runs. */
export async function spawnWorker(around: TestWorker, nextHopUrl: string) {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../dist/main.js', import.meta.url))], {
    env: {
      NODE_ENV: 'test',
      SIGNET_MODE: 'demo',
      DATABASE_URL: around.url,
      BLOB_URL: pathToFileURL(join(around.folder, 'blobs')).href,
      KEY_PROVIDER_URL: pathToFileURL(join(around.folder, 'master.key')).href,
      PUBLIC_URL: 'http://localhost:3000',
      WORKER_METRICS_PORT: String(port),
      SMTP_URL: nextHopUrl,
      LOOP_KEY: randomBytes(32).toString('base64url'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('The worker runs')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`The worker did not start:\n${output}`)));
  });
  return { child, metricsUrl: `http://127.0.0.1:${port}`, output: () => output };
}
