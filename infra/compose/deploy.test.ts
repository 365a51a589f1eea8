import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wholeEnvironment } from '../local/env.ts';
import { repositoryRoot } from '../local/repository-root.ts';

const next = `ghcr.io/example/signet-api@sha256:${'b'.repeat(64)}`;
const before = `ghcr.io/example/signet-api@sha256:${'a'.repeat(64)}`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-deploy-'));
  copyFileSync(join(repositoryRoot, 'infra/compose/deploy.sh'), join(folder, 'deploy.sh'));
  writeFileSync(
    join(folder, '.env'),
    `PUBLIC_URL=https://mail.example\nAPP_DATABASE_PASSWORD=word\nAPI_IMAGE=${before}\nPORTAL_IMAGE=${before}\nMIGRATE_IMAGE=${before}\n`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Deploys where `docker` only writes down how it is called and with which images, and fails where the case says so. */
function deploy(args: readonly string[], options: { failing?: string; sshCommand?: string } = {}) {
  const program = join(folder, 'bin', 'docker');
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(
    program,
    `#!/usr/bin/env bash
echo "$* | \${MIGRATE_IMAGE:+migrate $MIGRATE_IMAGE }$(grep -h ^API_IMAGE= .env)" >>calls
case "$* $(grep -h ^API_IMAGE= .env)" in ${options.failing ?? 'nothing'}) exit 1 ;; esac
`,
  );
  chmodSync(program, 0o755);
  const { PATH = '' } = wholeEnvironment();
  const { status, stderr } = spawnSync('bash', [join(folder, 'deploy.sh'), ...args], {
    encoding: 'utf8',
    env: { PATH: [dirname(program), PATH].join(delimiter), SSH_ORIGINAL_COMMAND: options.sshCommand },
  });
  return { status, stderr, calls: read('calls').split('\n').filter(Boolean), env: read('.env') };
}

function read(name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return '';
  }
}

test('an app is replaced only after its own image has migrated, and waited for', () => {
  const { status, calls, env } = deploy(['api', next]);
  expect(status).toBe(0);
  expect(calls).toEqual([
    `pull --quiet ${next} | API_IMAGE=${before}`,
    `compose run --rm --no-deps -T migrate | migrate ${next} API_IMAGE=${before}`,
    `compose up --detach --no-deps --wait --wait-timeout 120 api | API_IMAGE=${next}`,
  ]);
  expect(env).toContain('PUBLIC_URL=https://mail.example\n');
  expect(env).toContain(`\nAPI_IMAGE=${next}\n`);
  expect(env).toContain(`\nMIGRATE_IMAGE=${next}\n`);
  expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
});

test('an app that does not become ready gives way to the image before it, and the deployment fails', () => {
  const { status, calls, env, stderr } = deploy(['api', next], { failing: `*up*${next}` });
  expect(status).toBe(1);
  expect(calls.at(-1)).toBe(`compose up --detach --no-deps --wait --wait-timeout 120 api | API_IMAGE=${before}`);
  expect(env).toContain(`\nAPI_IMAGE=${before}\n`);
  expect(stderr).toContain(`${before} runs again`);
});

test('a migration that fails leaves everything as it runs', () => {
  const { status, calls, env } = deploy(['api', next], { failing: '*run*migrate*' });
  expect(status).toBe(1);
  expect(calls).toHaveLength(2);
  expect(env).not.toContain(next);
});

test('the portal, which knows no database, migrates nothing', () => {
  const { status, calls } = deploy(['portal', next]);
  expect(status).toBe(0);
  expect(calls.join('\n')).not.toContain('migrate');
});

test('the words of an SSH client are an app and an image by digest, or nothing happens', () => {
  expect(deploy([], { sshCommand: `api ${next}` })).toMatchObject({ status: 0 });
  rmSync(join(folder, 'calls'));
  for (const sshCommand of [
    '',
    'api',
    'api ghcr.io/example/signet-api:latest',
    `postgres ${next}`,
    `api ${next} more`,
    `api --help@sha256:${'b'.repeat(64)}`,
    'api $(id)@sha256:0',
  ])
    expect(deploy([], { sshCommand })).toMatchObject({ status: 2, calls: [] });
});

test('an installation from before the second wall is left as it runs, with the way over it', () => {
  writeFileSync(join(folder, '.env'), `API_IMAGE=${before}\n`);
  const { status, calls, stderr } = deploy(['api', next]);
  expect({ status, calls }).toEqual({ status: 2, calls: [] });
  expect(stderr).toContain('APP_DATABASE_PASSWORD is missing in .env');
});
