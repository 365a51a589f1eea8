import { z } from 'zod';
import { defineRoute } from './route.ts';

export const configuration = z
  .strictObject({
    enablePortalTrackingLogs: z
      .boolean()
      .meta({ description: 'Whether steps on messages under a custom template are recorded from now on.' }),
    requireSecondFactor: z
      .boolean()
      .meta({ description: 'Whether members must have a second factor: who has none sets one up before anything else.' }),
    notifySenders: z.boolean().meta({
      description:
        'Whether a sender gets a mail when a message of theirs has been taken, with a link to its page among their sent messages. Automatic mails and lists are never answered. Off in a new organization.',
    }),
  })
  .meta({ id: 'Configuration' });
export type Configuration = z.infer<typeof configuration>;

export const configurationRoutes = {
  getConfiguration: defineRoute({
    method: 'GET',
    path: '/v1/configuration',
    summary: 'Read the organization’s configuration',
    tags: ['Configuration'],
    security: { apiKey: ['configuration:read'] },
    responses: { 200: configuration },
    problems: [],
  }),
  changeConfiguration: defineRoute({
    method: 'PATCH',
    path: '/v1/configuration',
    summary: 'Change the organization’s configuration',
    description:
      'Fields left out stay as they are. Every change leaves an admin record. Switching tracking on counts for later steps only.',
    tags: ['Configuration'],
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    body: configuration.partial(),
    responses: { 200: configuration },
    problems: [],
  }),
} as const;
