import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { runToEnd } from './children.ts';
import { withPnpm } from './pnpm.ts';
import type { Guard } from './processes.ts';
import { repositoryRoot } from './repository-root.ts';

/** What `npm start` runs; each is there after a build. */
export const programs = {
  migrate: 'packages/db/dist/migrate.js',
  prepareQueue: 'apps/worker/dist/prepare-queue.js',
  seed: 'apps/api/dist/organization/seed-demo.js',
  api: 'apps/api/dist/main.js',
  worker: 'apps/worker/dist/main.js',
  gateway: 'apps/gateway/dist/main.js',
  portal: 'apps/portal/.next/standalone/apps/portal/server.js',
} as const;

const stamp = join(repositoryRoot, 'node_modules/.cache/signet-build');
const ignored = new Set(['node_modules', 'dist', '.next', '.turbo', 'generated', 'coverage']);

/** Builds all apps, unless nothing changed since the last time. */
export async function build(env: NodeJS.ProcessEnv, guard: Guard, say: (line: string) => void): Promise<void> {
  const before = stateOfSources();
  const complete = Object.values(programs).every((program) => existsSync(join(repositoryRoot, program)));
  if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === before) return;
  say('Building');
  rmSync(stamp, { force: true });
  const variables = { ...env, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' };
  const filters = ['api', 'worker', 'gateway', 'portal'].map((app) => `--filter=@signet/${app}`);
  await runToEnd(
    'The build',
    withPnpm('turbo', ['run', 'build', ...filters, '--output-logs=errors-only', '--ui=stream', `--concurrency=${availableParallelism()}`]),
    variables,
    guard,
  );
  addStaticFiles();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, stateOfSources());
}

/** Next's standalone output leaves out what a CDN would serve; its server serves it when it lies beside. */
function addStaticFiles(): void {
  const portal = join(repositoryRoot, 'apps/portal');
  const standalone = join(repositoryRoot, dirname(programs.portal));
  for (const folder of ['.next/static', 'public']) {
    if (!existsSync(join(portal, folder))) continue;
    rmSync(join(standalone, folder), { recursive: true, force: true });
    cpSync(join(portal, folder), join(standalone, folder), { recursive: true });
  }
}

/** Names, sizes and times of everything a build reads. */
function stateOfSources(): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    for (const entry of readdirSync(join(repositoryRoot, path), { withFileTypes: true })) {
      if (ignored.has(entry.name)) continue;
      const inside = join(path, entry.name);
      if (entry.isDirectory()) visit(inside);
      else if (entry.isFile()) hash.update(stateOfFile(inside));
    }
  };
  for (const folder of ['apps', 'packages']) visit(folder);
  for (const file of ['pnpm-lock.yaml', 'tsconfig.base.json', 'turbo.json', 'node_modules/.cache/signet-install'])
    hash.update(stateOfFile(file));
  return hash.digest('hex');
}

function stateOfFile(path: string): string {
  const found = statSync(join(repositoryRoot, path), { throwIfNoEntry: false });
  return found ? `${path}\0${found.size}\0${found.mtimeMs}\n` : `${path}\0absent\n`;
}
