import { instant } from '@signet/domain/audit/entry';
import type { AuthenticationMethod } from '@signet/domain/audit/entry';
import type { DeliveryState } from '@signet/domain/message-state';
import { intervalLength, intervals, isTimeZone, MOST_INTERVALS } from '@signet/domain/statistics';
import { z } from 'zod';
import { givenTime } from './fields.ts';
import { defineRoute } from './route.ts';

const count = z.int().nonnegative();
const trail = 'Null where nothing was recorded in this time, and for whoever may not read the trail: that is no zero.';

const counted = z
  .strictObject({
    from: instant,
    to: instant,
    recorded: z.enum(['whole', 'partly', 'none']).meta({ description: 'How much of this time tracking was on.' }),
    sent: count.meta({ description: 'Messages accepted.' }),
    neverTracked: count.meta({ description: 'Of these, messages under the default template: who opens them is never recorded.' }),
    deliveries: z.strictObject({ accepted: count, sent: count, deferred: count, bounced: count, passed: count } satisfies Record<
      DeliveryState,
      z.ZodInt
    >),
    revoked: count.meta({ description: 'Messages that were taken back, for all their recipients or some of them.' }),
    opened: count.nullable().meta({ description: `Openings. ${trail}` }),
    refused: count.nullable().meta({ description: `Tries of signed-in recipients to get content that they were refused. ${trail}` }),
    signIns: z
      .strictObject({ OTP: count, Google: count, Microsoft: count, Yahoo: count, Passkey: count } satisfies Record<
        AuthenticationMethod,
        z.ZodInt
      >)
      .nullable()
      .meta({ description: `Successful sign-ins of recipients by their method. ${trail}` }),
  })
  .meta({ id: 'CountedInterval' });
export type CountedInterval = z.infer<typeof counted>;

const statistics = z
  .strictObject({
    interval: z.enum(intervals),
    zone: z.string(),
    indexedThrough: instant.meta({ description: 'Every event committed before this time is counted.' }),
    firstMessageAt: instant
      .nullable()
      .meta({ description: 'When the organization’s first message was accepted; null where there is none yet.' }),
    gaps: z.array(z.strictObject({ from: instant, to: instant })).meta({ description: 'Spans of this time in which tracking was off.' }),
    intervals: z
      .array(counted)
      .min(1)
      .max(MOST_INTERVALS + 1),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof statistics>;

const question = z
  .strictObject({
    from: givenTime.meta({ description: 'The first instant that counts.' }),
    to: givenTime.meta({ description: 'The first instant that no longer counts.' }),
    interval: z.enum(intervals).default('day'),
    zone: z
      .string()
      .min(1)
      .max(64)
      .refine(isTimeZone, { error: 'must name a time zone, as `Europe/Zurich` does' })
      .default('UTC')
      .meta({ description: 'The time zone whose hours and days are meant.' }),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be later than `from`' })
  .refine(({ from, to, interval }) => Date.parse(to) - Date.parse(from) <= MOST_INTERVALS * intervalLength[interval], {
    path: ['to'],
    error: `must be at most ${MOST_INTERVALS} of the intervals after \`from\``,
  });

export const statisticsRoutes = {
  getStatistics: defineRoute({
    method: 'GET',
    path: '/v1/statistics',
    summary: 'Count what happened, hour by hour or day by day',
    description:
      'Messages by when they were accepted, their deliveries as they stand now, revocations, and what recipients did as far as it was recorded. What other systems reported does not count. What tells of reading needs `audit:read` as well.',
    tags: ['Statistics'],
    security: { apiKey: ['messages:read'] },
    query: question,
    responses: { 200: statistics },
    problems: [],
  }),
} as const;
