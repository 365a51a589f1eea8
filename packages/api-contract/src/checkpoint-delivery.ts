import { instant } from '@signet/domain/audit/entry';
import { CHECKPOINT_ADDRESSES } from '@signet/domain/checkpoint-delivery';
import { z } from 'zod';
import { givenAddress } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Logs'] as const;

const settings = {
  everyHours: z.int().min(1).max(24).meta({ description: 'Hours from one time to the next.' }),
  toAdmins: z.boolean().meta({ description: 'Whether each admin gets them by mail.' }),
};
const size = z
  .int()
  .nonnegative()
  .nullable()
  .meta({ description: 'Entries of the checkpoint; null where nothing of this log was signed.' });

const delivery = z
  .strictObject({
    ...settings,
    addresses: z.array(z.string()).meta({ description: 'Who else gets them by mail.' }),
    nextAt: instant.meta({ description: 'When they leave next, once something is signed.' }),
    last: z
      .strictObject({
        at: instant,
        auditSize: size,
        adminSize: size,
        mails: z.array(
          z.strictObject({
            address: z.string(),
            sentAt: instant.nullable().meta({ description: 'When a mail server took it; null: it is tried, or was given up.' }),
            error: z.string().nullable().meta({ description: 'What the last attempt failed with.' }),
          }),
        ),
      })
      .nullable()
      .meta({ description: 'What became of them the last time; null where they never left.' }),
  })
  .meta({ id: 'CheckpointDelivery' });
export type CheckpointDeliveryState = z.infer<typeof delivery>;

export const checkpointDeliveryRoutes = {
  getCheckpointDelivery: defineRoute({
    method: 'GET',
    path: '/v1/checkpoint-delivery',
    summary: 'Read how often checkpoints of the logs leave the server, to whom, and what became of it',
    tags,
    security: { apiKey: ['configuration:read', 'audit:read'] },
    responses: { 200: delivery },
    problems: [],
  }),
  setCheckpointDelivery: defineRoute({
    method: 'PUT',
    path: '/v1/checkpoint-delivery',
    summary: 'Say how often checkpoints of the logs leave the server, and to whom by mail',
    description:
      'Both logs’ last checkpoints, once a day at least. Who is no member and of none of the organization’s proven domains gets them once a day at most. They also go to each syslog destination that is enabled, and to each webhook that asked.',
    tags,
    security: { apiKey: ['configuration:write', 'audit:read'] },
    recentAuthentication: true,
    body: z.strictObject({ ...settings, addresses: z.array(givenAddress).max(CHECKPOINT_ADDRESSES) }),
    responses: { 200: delivery },
    problems: [],
  }),
} as const;
