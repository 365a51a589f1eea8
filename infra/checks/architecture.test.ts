import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fieldOf } from '../local/home.ts';
import { repositoryRoot } from '../local/repository-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-architecture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Cruises with the project's own rules. */
function cruise(cwd: string, folders: readonly string[]): { modules: number; broken: string[] } {
  const program = join(repositoryRoot, 'node_modules/.bin/depcruise');
  const args = [...folders, '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const { stdout } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const summary = fieldOf(JSON.parse(stdout), 'summary');
  const violations = fieldOf(summary, 'violations');
  const names = Array.isArray(violations)
    ? violations.map((violation: unknown) => String(fieldOf(fieldOf(violation, 'rule'), 'name')))
    : [];
  return { modules: Number(fieldOf(summary, 'totalCruised')), broken: names };
}

/** A workspace of nothing but these files, under the project's rules. */
function workspace(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json']) copyFileSync(join(repositoryRoot, file), join(root, file));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
  return root;
}

describe('architecture check', () => {
  test('looks at every app and package, and at infra', () => {
    const modules = ['apps', 'packages', 'infra'].map((path) => cruise(repositoryRoot, [path]).modules);
    expect(Math.min(...modules)).toBeGreaterThan(10);
  });

  test.each([
    [
      'domain imports db',
      'packages/domain/src/a.ts',
      `import { b } from '../../db/src/b.ts';\nexport const a = b;\n`,
      'packages/domain may import nothing of ours',
    ],
    [
      'portal imports db',
      'apps/portal/src/a.ts',
      `import type { b } from '../../../packages/db/src/b.ts';\nexport type A = typeof b;\n`,
      'apps/portal may import packages/domain, packages/api-contract',
    ],
    [
      'infra imports a package',
      'infra/a.ts',
      `import { b } from '../packages/db/src/b.ts';\nexport const a = b;\n`,
      'infra may import nothing of ours',
    ],
    [
      'domain does I/O',
      'packages/domain/src/a.ts',
      `import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n`,
      'domain is pure: zod, RFC 8785, colours, user agents, IP addresses, node:crypto',
    ],
    ['an import leads nowhere', 'packages/vault/src/a.ts', `import { c } from './c.ts';\nexport const a = c;\n`, 'every import resolves'],
    [
      'a package is not in the table',
      'packages/utils/src/a.ts',
      `import { join } from 'node:path';\nexport const a = join;\n`,
      'every folder has its arrows',
    ],
  ])('fails when %s', (name, path, content, rule) => {
    const root = workspace(name.replaceAll(/\W/g, '-'), { [path]: content, 'packages/db/src/b.ts': 'export const b = 1;\n' });
    expect(cruise(root, [path, 'packages/db']).broken).toContain(rule);
  });

  test('fails on a cycle', () => {
    const files = {
      'packages/vault/src/a.ts': `import { b } from './b.ts';\nexport const a = () => b;\n`,
      'packages/vault/src/b.ts': `import { a } from './a.ts';\nexport const b = () => a;\n`,
    };
    expect(cruise(workspace('cycle', files), ['packages']).broken).toContain('no cycles');
  });
});
