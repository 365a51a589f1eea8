import { z } from 'zod';
import { defineRoute } from './route.ts';

/** What is looked at, in the order in which it is shown: what Signet stands on, the mail servers around it, the DNS of its domains. */
export const healthCheckNames = [
  'database',
  'clock',
  'keyProvider',
  'blobStorage',
  'queue',
  'gateway',
  'nextHop',
  'organizationNextHops',
  'portal',
  'spf',
  'dkim',
  'dmarc',
  'ptr',
] as const;
export type HealthCheckName = (typeof healthCheckNames)[number];

/** How something is: good; working and to be mended; not working. */
export const healthStatuses = ['ok', 'warning', 'fault'] as const;
const status = z.enum(healthStatuses);

const healthCheck = z
  .strictObject({
    name: z.enum(healthCheckNames),
    status,
    found: z.string().meta({ description: 'What was found, in words for whoever runs Signet.' }),
    mend: z.string().nullable().meta({ description: 'What to do about it, in one sentence; null where nothing is to be done.' }),
  })
  .meta({ id: 'HealthCheck' });
export type HealthCheck = z.infer<typeof healthCheck>;

export const healthReportRoutes = {
  getHealthReport: defineRoute({
    method: 'GET',
    path: '/v1/health-report',
    summary: 'Look at everything that Signet needs, and say what to mend',
    description:
      'Asks the mail servers, the DNS and what else Signet stands on, all at once; what does not answer within five seconds is a fault. Domains are the organization’s own.',
    tags: ['System'],
    security: { apiKey: ['configuration:write'] },
    responses: {
      200: z
        .strictObject({ status: status.meta({ description: 'The worst of them.' }), checks: z.array(healthCheck) })
        .meta({ id: 'HealthReport' }),
    },
    problems: [],
  }),
} as const;
