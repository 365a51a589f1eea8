import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@signet/source'] },
  ssr: { resolve: { conditions: ['@signet/source'], externalConditions: ['@signet/source'] } },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
});
