import { instant } from '@signet/domain/audit/entry';
import { z } from 'zod';
import { domainName } from './configuration.ts';
import { givenAddress, givenName } from './fields.ts';
import { defineRoute } from './route.ts';

/** What is made when Signet is set up, and the link that lets the first admin in. */
const setUp = z
  .strictObject({
    organizationId: z.uuid(),
    organizationName: z.string(),
    domain: z.string(),
    adminEmail: z.string(),
    invitationUrl: z.url().meta({ description: 'Good once, and shown this once: whoever opens it chooses the first admin’s password.' }),
    invitationExpiresAt: instant,
  })
  .meta({ id: 'SetUp' });
export type SetUp = z.infer<typeof setUp>;

export const setupRoutes = {
  setUp: defineRoute({
    method: 'POST',
    path: '/v1/setup',
    summary: 'Make the first organization and invite its first admin',
    description:
      'For once, with the token that the api of a production installation prints at each start while nobody can sign in. Where the organization of the domain is there already, its admin gets another link. The first admin’s address must be of the mail domain. A token that is wrong and one that is used are refused alike.',
    tags: ['System'],
    security: 'none',
    body: z.strictObject({
      token: z.string().min(1).max(200),
      organizationName: givenName,
      domain: domainName,
      adminEmail: givenAddress,
    }),
    responses: { 201: setUp },
    problems: ['setup_refused', 'too_many_requests', 'unavailable'],
  }),
} as const;
