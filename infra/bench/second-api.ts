import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from '../local/build.ts';
import { startChild } from '../local/children.ts';
import { nodeOptions } from '../local/node-options.ts';
import { freePort } from '../local/ports.ts';
import { waitUntilReady } from '../local/ready.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import type { BenchSignet } from './bench-signet.ts';
import type { Bench } from './measurement.ts';

/** Starts one more process of the api with the settings that the first has, as an operator adds one. @returns its address; it ends with the row. */
export async function startSecondApi(bench: Bench, signet: BenchSignet): Promise<string> {
  const variables = readFileSync(`/proc/${signet.pidOf('api')}/environ`, 'utf8')
    .split('\0')
    .filter(Boolean);
  const env = Object.fromEntries(variables.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
  const [port, metricsPort] = [await freePort(), await freePort()];
  const child = startChild({
    name: 'second api',
    command: [process.execPath, ...nodeOptions.api, join(repositoryRoot, programs.api)],
    env: { ...env, API_PORT: String(port), API_METRICS_PORT: String(metricsPort) },
    logFile: join(bench.folder, 'second-api.log'),
    guard: bench.guard,
  });
  bench.onEnd(() => child.stop());
  await waitUntilReady(child, `http://127.0.0.1:${metricsPort}/health/ready`);
  return `http://127.0.0.1:${port}`;
}
