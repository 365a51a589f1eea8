/** What the checks read of their environment. */
export const environment = {
  PATH: process.env['PATH'] ?? '',
  REDIS_SERVER_BIN: process.env['REDIS_SERVER_BIN'] || undefined,
  CHROMIUM: process.env['CHROMIUM'] || undefined,
  SPAMASSASSIN: process.env['SPAMASSASSIN'] || undefined,
  all: process.env,
} as const;
