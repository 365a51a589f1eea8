import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Signet } from './signet.ts';

/** How `npm start` names the programs that it writes down. */
const programs = { gateway: 'apps/gateway/dist/main.js', api: 'apps/api/dist/main.js', portal: 'apps/portal/server.js' } as const;
type App = keyof typeof programs;
const apps = ['gateway', 'api', 'portal'] as const satisfies readonly App[];

const running = z.object({ processes: z.array(z.object({ pid: z.int().positive(), mark: z.string() })) });

/** Process id of an app. @throws when it does not run. */
export function pidOf({ home }: Signet, app: App): number {
  const { processes } = running.parse(JSON.parse(readFileSync(join(home, 'start.json'), 'utf8')));
  const found = processes.findLast(({ mark }) => mark.endsWith(programs[app]));
  if (!found) throw new Error(`${app} does not run`);
  return found.pid;
}

/** Resident memory of a process, all of its threads included, in MiB. */
export function residentMebibytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kibibytes === undefined) throw new Error('The process does not say how much memory it has');
  return Number(kibibytes) / 1024;
}

/** The most that each process has while `work` runs, looked at every 50 ms. */
export async function peaksDuring(pids: Readonly<Record<App, number>>, work: () => Promise<unknown>): Promise<Record<App, number>> {
  const peaks = { gateway: 0, api: 0, portal: 0 };
  const look = () => {
    for (const app of apps) peaks[app] = Math.max(peaks[app], residentMebibytes(pids[app]));
  };
  const looking = setInterval(look, 50);
  try {
    await work();
    look();
  } finally {
    clearInterval(looking);
  }
  return peaks;
}
