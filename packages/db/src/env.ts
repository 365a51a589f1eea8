import { z } from 'zod';

/**
 * The database that the migration command works on.
 * @throws when DATABASE_URL is missing or not a PostgreSQL URL.
 */
export function databaseUrl(): string {
  const { DATABASE_URL } = z
    .object({ DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'DATABASE_URL must be a postgresql:// URL' }) })
    .parse(process.env);
  return DATABASE_URL;
}
