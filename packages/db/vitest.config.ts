import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@signet/source'] },
  ssr: { resolve: { conditions: ['@signet/source'], externalConditions: ['@signet/source'] } },
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    // Real work on machines that other suites share.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: '../../infra/local/vitest-postgres.ts',
  },
});
