import { defineConfig } from '@playwright/test';
import { environment, wholeEnvironment } from './env.ts';
import type { SystemOptions } from './signet.ts';

export default defineConfig<object, SystemOptions>({
  testDir: 'journeys',
  testMatch: '*.test.ts',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  timeout: 300_000,
  // On a machine that does much else things come late, and are none the worse.
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Zurich',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(environment.CHROMIUM && { executablePath: environment.CHROMIUM }),
      // Without a locale Chromium cannot write a file name that is not ASCII.
      env: { ...stringsOf(wholeEnvironment), LANG: 'C.UTF-8' },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  // The same journey on both queues; everything else needs only one of them.
  projects: [
    { name: 'queue in PostgreSQL', use: { queue: 'postgresql' } },
    { name: 'queue in Redis', testMatch: 'main-job.test.ts', use: { queue: 'redis' } },
  ],
});

function stringsOf(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
