import { z } from 'zod';

/** Settings of this package's tests; the rest of the environment is none of theirs. */
export const testEnvironment = z
  .object({
    /** Entries that searches are tried on; a million takes its time. */
    SEARCH_ENTRIES: z.coerce.number<string>().int().min(100).max(10_000_000).default(3_000),
    /** Makes the same entries and the same searches again. */
    SEED: z.coerce.number<string>().int().optional(),
  })
  .parse(process.env);
