import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { TestApi } from './test-api.ts';

/** Starts the api's own program, as it was built, on what a test's api stands on. @param options of Node. */
export async function spawnApi({ settings }: TestApi, variables: Record<string, string> = {}, options: readonly string[] = []) {
  const child = spawn(process.execPath, [...options, fileURLToPath(new URL('../../dist/main.js', import.meta.url))], {
    env: {
      NODE_ENV: 'test',
      SIGNET_MODE: settings.SIGNET_MODE,
      DATABASE_URL: settings.DATABASE_URL,
      BLOB_URL: settings.BLOB_URL,
      KEY_PROVIDER_URL: settings.KEY_PROVIDER_URL,
      PUBLIC_URL: settings.PUBLIC_URL,
      API_PORT: '0',
      API_METRICS_PORT: '0',
      PORTAL_SECRET: settings.PORTAL_SECRET,
      PASSCODE_KEY: settings.PASSCODE_KEY.toString('base64url'),
      LOOP_KEY: settings.LOOP_KEY.toString('base64url'),
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const found = await new Promise<RegExpExecArray>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const listening = /"url":"([^"]+)","metricsPort":(\d+),"msg":"listening"/.exec(output);
        if (listening) resolve(listening);
      });
    }
    // Not before its last word was read.
    child.once('close', (code) => reject(new Error(`The api did not start and ended with ${code}:\n${output}`)));
  });
  return { child, url: found[1] ?? '', metricsUrl: `http://127.0.0.1:${found[2]}`, output: () => output };
}
