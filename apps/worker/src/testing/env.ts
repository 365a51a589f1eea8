/** What the tests read of their environment. */
export const testEnvironment = {
  TEST_REDIS_URL: process.env['TEST_REDIS_URL'] || undefined,
  PATH: process.env['PATH'] ?? '',
} as const;
