import { z } from 'zod';

/** Settings of this app's tests; the rest of the environment is none of theirs. */
export const testEnvironment = z
  .object({
    /** Entries of the export whose memory is looked at; a million takes its time. */
    EXPORT_ENTRIES: z.coerce.number<string>().int().min(1_000).max(10_000_000).default(30_000),
  })
  .parse(process.env);
