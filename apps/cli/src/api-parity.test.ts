import { globSync, readFileSync } from 'node:fs';
import type { Route } from '@signet/api-contract/route';
import { routes, type RouteName } from '@signet/api-contract/routes';
import { expect, test } from 'vitest';

/** Routes that an API key may call and no command calls, each with why. */
const exceptions: Partial<Record<RouteName, string>> = {
  getLiveness: 'for whatever restarts a process that hangs; people ask `signet doctor`',
  getReadiness: 'for load balancers; people ask `signet doctor`',
  getOpenApi: 'a document for programs that write clients; it is read by its address, without a key',
  getDocs: 'a page for browsers',
  getMailRule: 'rules are named by their names, and the list that tells them apart has all of each',
  testBrandingTemplate: 'the sample goes to whoever asks for it, and a key has no address',
};

const sources = globSync('**/*.ts', { cwd: import.meta.dirname })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
  .join('\n');

/** What a key opens, and what is open to everybody. */
const callable = Object.entries<Route>(routes)
  .filter(([, { security }]) => typeof security === 'object' || security === 'none')
  .map(([name]) => name);
const uncalled = callable.filter((name) => !new RegExp(`\\b\\w+Routes\\.${name}\\b`).test(sources));

test('everything that the API lets a key do, a command does, but for what is said here with its reason', () => {
  expect(callable.length).toBeGreaterThan(80);
  expect(uncalled.filter((name) => !(name in exceptions))).toEqual([]);
});

test('every exception is still needed: it is a route that a key may call, and no command calls it', () => {
  expect(Object.keys(exceptions).filter((name) => !uncalled.includes(name))).toEqual([]);
});
