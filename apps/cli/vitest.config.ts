import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@signet/source'] },
  ssr: { resolve: { conditions: ['@signet/source'], externalConditions: ['@signet/source'] } },
  test: {
    // What a loaded machine takes long for is not wrong for it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
  },
});
