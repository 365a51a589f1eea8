import { z } from 'zod';

/** What the journeys are told from outside; `npm test` brings all of it. */
export const environment = z
  .object({
    /** Path of a Chromium; Playwright's own where absent. */
    CHROMIUM: z.string().optional(),
    /** A Redis that may be filled and emptied. */
    TEST_REDIS_URL: z.url({ error: 'TEST_REDIS_URL must name a Redis server; `npm test` starts one' }).optional(),
    /** `1`: the pictures that documents show are made anew in docs/pictures; `all`: every view is kept in test-results/pictures. */
    PICTURES: z.enum(['0', '1', 'all']).default('0'),
    /** Path of a redis-server; the one on the PATH where absent. */
    REDIS_SERVER_BIN: z.string().min(1).default('redis-server'),
    /** Path of SpamAssassin; the one on the PATH where absent. */
    SPAMASSASSIN: z.string().min(1).default('spamassassin'),
    /** How many processes the kill test and the crash test kill, one a round; each has its own number where absent. */
    ROUNDS: z.coerce.number<string>().int().min(1).max(10_000).optional(),
    /** Repeats the choices of an earlier test of these, which printed its seed. */
    SEED: z.coerce.number<string>().int().min(0).max(0xffff_ffff).optional(),
  })
  .parse(process.env);

/** The whole environment, for programs that are started. */
export const wholeEnvironment: NodeJS.ProcessEnv = { ...process.env };
