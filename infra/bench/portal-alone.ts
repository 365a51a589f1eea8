import { join } from 'node:path';
import { programs } from '../local/build.ts';
import { startChild } from '../local/children.ts';
import { allocatorSettings, nodeOptions } from '../local/node-options.ts';
import { freePort } from '../local/ports.ts';
import { waitUntilReady } from '../local/ready.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import type { BenchSignet } from './bench-signet.ts';
import type { Bench } from './measurement.ts';

/** Starts the portal once more, as `npm start` does, with another api behind it. @param apiUrl what answers in place of the api. */
export async function startPortalAlone(bench: Bench, signet: BenchSignet, apiUrl: string): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startChild({
    name: 'portal alone',
    command: [process.execPath, ...nodeOptions.portal, join(repositoryRoot, programs.portal)],
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      API_URL: apiUrl,
      PORTAL_SECRET: signet.portalSecret,
      PUBLIC_URL: url,
      TRUSTED_PROXIES: '127.0.0.1',
      ...allocatorSettings,
    },
    logFile: join(bench.folder, 'portal-alone.log'),
    guard: bench.guard,
  });
  try {
    await waitUntilReady(child, url);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url, stop: () => child.stop() };
}
