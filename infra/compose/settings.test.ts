import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from '../local/repository-root.ts';

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
/** Set by Node or by the api's own command for a demo, never by an operator. */
const notForOperators = new Set(['NODE_ENV', 'SEED_FILE']);

/** The settings that an app's env.ts reads. */
function settingsOf(app: string): string[] {
  const names = [...read(`apps/${app}/src/env.ts`).matchAll(/^\s+([A-Z][A-Z_]+):/gm)].map(([, name]) => String(name));
  return names.filter((name) => !notForOperators.has(name));
}

test.each(['api', 'gateway', 'worker', 'portal'])('every setting of the %s is one that compose passes on or its image sets', (app) => {
  const settings = settingsOf(app);
  expect(settings.length).toBeGreaterThan(4);
  const compose: { services: Record<string, { environment: Record<string, string | null> }> } = parse(read('infra/compose/compose.yaml'), {
    merge: true,
  });
  const passed = Object.keys(compose.services[app]?.environment ?? {});
  const image =
    read('infra/images/Dockerfile')
      .split(new RegExp(`^FROM \\w+ AS ${app}$`, 'm'))[1]
      ?.split(/^FROM /m)[0] ?? '';
  const set = [...image.matchAll(/([A-Z_]+)=/g)].map(([, name]) => String(name));
  expect(settings.filter((name) => !passed.includes(name) && !set.includes(name))).toEqual([]);
});

test('the PostgreSQL of compose has locks enough for a search of ten years of the trail, as the guide for operators asks', () => {
  const compose: { services: Record<string, { command?: string[] }> } = parse(read('infra/compose/compose.yaml'), { merge: true });
  const [, asked] = /`max_locks_per_transaction` to (\d+)/.exec(read('docs/guides/operators.md')) ?? [];
  expect(compose.services['postgres']?.command).toEqual(['postgres', '-c', `max_locks_per_transaction=${asked}`]);
});
