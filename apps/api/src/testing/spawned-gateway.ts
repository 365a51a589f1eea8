import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { TestApi } from './test-api.ts';

/** Starts the gateway's program on what a test's api stands on, for the running test file. @returns the port where it takes mail. */
export async function spawnGateway({ settings }: TestApi): Promise<number> {
  const program = fileURLToPath(new URL('../../../gateway/src/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@signet/source', program], {
    env: {
      NODE_ENV: 'test',
      SIGNET_MODE: settings.SIGNET_MODE,
      DATABASE_URL: settings.DATABASE_URL,
      BLOB_URL: settings.BLOB_URL,
      KEY_PROVIDER_URL: settings.KEY_PROVIDER_URL,
      PUBLIC_URL: settings.PUBLIC_URL,
      LOOP_KEY: settings.LOOP_KEY.toString('base64url'),
      GATEWAY_PORT: '0',
      GATEWAY_METRICS_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  afterAll(() => void child.kill('SIGKILL'));
  let output = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const listening = /"port":(\d+),"metricsPort":\d+,.*"msg":"listening"/.exec(output);
        if (listening) resolve(Number(listening[1]));
      });
    }
    child.once('exit', () => reject(new Error(`The gateway did not start:\n${output}`)));
  });
}
