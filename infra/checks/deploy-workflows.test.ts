import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fieldOf } from '../local/home.ts';
import { nodeOptions } from '../local/node-options.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import { environment } from './env.ts';

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

test('a change of the command line alone deploys the api, whose image holds it, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-affected-'));
  try {
    const git = (...words: string[]) => {
      const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
      return execFileSync('git', [...identity, ...words], { cwd: folder, encoding: 'utf8' });
    };
    git('clone', '--quiet', '--shared', repositoryRoot, '.');
    appendFileSync(join(folder, 'apps/cli/src/main.ts'), '// Changed.\n');
    git('commit', '--quiet', '--all', '--message', 'Change the command line');
    // The workflow's own lines, run with the same turbo as here, and the answer instead of a plan for jq.
    const [lines] = /filters=\([\s\S]*?(?=\n *plan=)/.exec(read('.github/workflows/deploy.yml')) ?? [];
    expect(lines).toBeDefined();
    const turbo = join(repositoryRoot, 'node_modules/.bin/turbo');
    const affected = apps.filter((app) => {
      const plan = execFileSync('bash', ['-euc', `${lines}\n"${turbo}" run build "\${filters[@]}" --dry-run=json`], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...environment.all, APP: app, BEFORE: 'HEAD^', TURBO_TELEMETRY_DISABLED: '1' },
      });
      const packages = fieldOf(JSON.parse(plan), 'packages');
      return Array.isArray(packages) && packages.length > 0;
    });
    expect(affected).toEqual(['api']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every app that is not a command has a deployment and an image', () => {
  const services = readdirSync(join(repositoryRoot, 'apps')).filter((name) => name !== 'cli');
  expect(services.toSorted()).toEqual(apps.toSorted());
  for (const app of apps) expect(read('infra/images/Dockerfile')).toMatch(new RegExp(`^FROM (service|runtime) AS ${app}$`, 'm'));
});

test.each(apps)('the image of %s starts it with the options that it is started with here', (app) => {
  const [, stage = ''] = read('infra/images/Dockerfile').split(new RegExp(`^FROM \\w+ AS ${app}$`, 'm'));
  const [, command = ''] = /^CMD (.*)$/m.exec(stage) ?? [];
  expect(JSON.parse(command)).toEqual(['node', ...nodeOptions[app], expect.stringMatching(/\.js$/)]);
});
