import { instant } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { retentionDays, retentionPolicy } from '@signet/domain/retention';
import { z } from 'zod';
import { defineRoute } from './route.ts';

const tags = ['Retention'] as const;

const days = retentionDays.meta({ description: 'Days after what an entry tells of until it is removed. Null: kept for ever.' });
const operations = retentionPolicy.shape.operations.meta({
  description: 'Operations that are kept otherwise than `days` says, by name.',
  example: { LinkTouch: 30, MessageRevoke: null },
});

const policy = z.strictObject({ days, operations: operations.default({}) });

const retention = z
  .strictObject({
    days,
    operations,
    carriedOut: z.boolean().meta({ description: 'Whether a worker runs that may remove entries: without one a policy is refused.' }),
    sweptAt: instant.nullable().meta({ description: 'When all that was due was last removed.' }),
    removed: z
      .strictObject({ entries: z.int().nonnegative(), lastAt: instant.nullable() })
      .meta({ description: 'What retention has removed so far, and when it last removed something.' }),
  })
  .meta({ id: 'Retention' });
export type Retention = z.infer<typeof retention>;

const preview = z
  .strictObject({
    entries: z.int().nonnegative().meta({ description: 'How many would be removed soon.' }),
    held: z.int().nonnegative().meta({ description: 'How many stay since somebody holds them.' }),
    more: z.boolean().meta({ description: 'There are more than these: each operation is counted up to 10,000.' }),
    oldest: instant.nullable(),
    operations: z.array(z.strictObject({ operation: z.enum(operationNames), entries: z.int(), held: z.int(), more: z.boolean() })),
  })
  .meta({ id: 'RetentionPreview' });
export type RetentionPreview = z.infer<typeof preview>;

export const retentionRoutes = {
  getRetention: defineRoute({
    method: 'GET',
    path: '/v1/retention',
    summary: 'Read how long audit entries are kept',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: retention },
    problems: [],
  }),
  setRetention: defineRoute({
    method: 'PUT',
    path: '/v1/retention',
    summary: 'Set how long audit entries are kept',
    description:
      'What is older is removed for good, in batches, each with an admin record that says how many of which and at which places of the log. Log entries, checkpoints and proofs stay. Admin records are kept for ever. Held entries stay.',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    body: policy,
    responses: { 200: retention },
    problems: ['retention_unavailable'],
  }),
  previewRetention: defineRoute({
    method: 'POST',
    path: '/v1/retention/preview',
    summary: 'Count the audit entries that a policy would remove, and change nothing',
    tags,
    security: { apiKey: ['configuration:read'] },
    body: policy,
    responses: { 200: preview },
    problems: [],
  }),
} as const;
