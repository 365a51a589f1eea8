import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fieldOf } from '../local/home.ts';
import { repositoryRoot } from '../local/repository-root.ts';

const apps = ['api', 'gateway', 'worker', 'portal'] as const;

function read(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

/** Folders of all packages of ours that the package in this folder consists of at run time, itself included. */
function foldersOf(folder: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(folder)) return found;
  found.add(folder);
  const dependencies = fieldOf(JSON.parse(read(join(folder, 'package.json'))), 'dependencies');
  for (const name of Object.keys(dependencies ?? {}))
    if (name.startsWith('@signet/')) foldersOf(name.replace('@signet/', 'packages/'), found);
  return found;
}

function workflow(name: string): unknown {
  return parse(read(`.github/workflows/${name}`));
}

/** Folders of all that an app's image holds: with the api comes the command line. */
function imageOf(app: string): string[] {
  return [...foldersOf(`apps/${app}`, app === 'api' ? foldersOf('apps/cli') : new Set())].toSorted();
}

describe.each(apps)('deployment of %s', (app) => {
  const deployment = workflow(`deploy-${app}.yml`);

  test('runs for a change of anything that its image is made of, and for nothing else', () => {
    expect(fieldOf(fieldOf(fieldOf(deployment, 'on'), 'push'), 'paths')).toEqual([
      ...imageOf(app).map((folder) => `${folder}/**`),
      'infra/images/**',
      '.dockerignore',
      'package.json',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'tsconfig.base.json',
      'turbo.json',
      '.github/workflows/deploy.yml',
      `.github/workflows/deploy-${app}.yml`,
    ]);
  });

  test('builds its own image, one deployment after the other', () => {
    expect(fieldOf(fieldOf(fieldOf(deployment, 'jobs'), 'deploy'), 'with')).toEqual({ app });
    expect(fieldOf(deployment, 'concurrency')).toEqual({ group: `deploy-${app}`, 'cancel-in-progress': false });
  });
});

test('every app that is not a command has a deployment and an image', () => {
  const services = readdirSync(join(repositoryRoot, 'apps')).filter((name) => name !== 'cli');
  expect(services.toSorted()).toEqual(apps.toSorted());
  for (const app of apps) expect(read('infra/images/Dockerfile')).toMatch(new RegExp(`^FROM (service|runtime) AS ${app}$`, 'm'));
});
