import { instant } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { recordText } from '@signet/domain/audit/record-text';
import { webhookFailures } from '@signet/domain/webhook';
import { z } from 'zod';
import { givenName, givenTime } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Webhooks'] as const;
/** Whoever names a receiver takes the trail out. */
const security = { apiKey: ['configuration:write', 'audit:read'] } as const;
const params = z.strictObject({ id: z.uuid() });

const url = recordText(2_000).trim().min(1).meta({
  description: 'With https, on the internet; or in a network that whoever runs Signet named in `WEBHOOK_NETWORKS`, there with http too.',
  example: 'https://hooks.example.net/signet',
});
const operations = z
  .array(z.enum(operationNames))
  .max(operationNames.length)
  .nullable()
  .meta({ description: 'Of which operations entries are sent. Null: of all. Empty: of none, where it gets alerts or checkpoints.' });
const checkpoints = z.boolean().meta({
  description: 'Whether it gets the logs’ checkpoints when they leave: `log.checkpoint`, before entries that wait.',
});

const webhook = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    url: z.string(),
    operations,
    enabled: z.boolean(),
    alerts: z.boolean().meta({ description: 'Whether it is told of alerts too: `alert.opened` and `alert.resolved`.' }),
    checkpoints,
    failure: z.enum(webhookFailures).nullable().meta({
      description: 'Why Signet itself disabled it. `failing`: no attempt went well for three days. `gone`: the receiver answered 410.',
    }),
    nextIndex: z.int().meta({ description: 'The place in the log that is sent next.' }),
    failedAttempts: z.int().meta({ description: 'In a row.' }),
    nextAttemptAt: instant.nullable().meta({ description: 'Null where no attempt has failed.' }),
    formerSecretUntil: instant.nullable().meta({ description: 'Until when requests are signed with the former secret too.' }),
    createdAt: instant,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof webhook>;

const secret = z.string().meta({ description: 'What its requests are signed with (`whsec_…`), shown this once.' });

const delivery = z
  .strictObject({
    id: z.uuid(),
    eventId: z.uuid().meta({ description: '`webhook-id` of the request: the same at each attempt.' }),
    kind: z.enum(['entries', 'alert', 'checkpoint', 'test']),
    firstIndex: z.int().nullable(),
    lastIndex: z.int().nullable(),
    entries: z.int(),
    attempt: z.int(),
    status: z.int().nullable().meta({ description: 'What the receiver answered; null where nobody did.' }),
    error: z.string().nullable().meta({ description: 'Null where the receiver took it.' }),
    nextAttemptAt: instant.nullable(),
    sentAt: instant,
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof delivery>;

export const webhookRoutes = {
  listWebhooks: defineRoute({
    method: 'GET',
    path: '/v1/webhooks',
    summary: 'List the webhooks, without their secrets',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(webhook) }) },
    problems: [],
  }),
  createWebhook: defineRoute({
    method: 'POST',
    path: '/v1/webhooks',
    summary: 'Have audit entries sent to a receiver from now on; its secret is shown once',
    description:
      'After the Standard Webhooks specification, in the order of the log, at least once. A request has up to a hundred entries; the next one leaves when the receiver took it.',
    tags,
    security,
    recentAuthentication: true,
    body: z.strictObject({
      name: givenName,
      url,
      operations: operations.default(null),
      enabled: z.boolean().default(true),
      alerts: z.boolean().default(false),
      checkpoints: checkpoints.default(false),
    }),
    responses: { 201: webhook.extend({ secret }) },
    problems: ['too_many'],
  }),
  changeWebhook: defineRoute({
    method: 'PATCH',
    path: '/v1/webhooks/{id}',
    summary: 'Change a webhook; what is left out stays',
    description:
      'One that is enabled again gets what was recorded meanwhile; a replay from another place passes over it. One that got no entries gets those from the change on.',
    tags,
    security,
    recentAuthentication: true,
    params,
    body: z.strictObject({ name: givenName, url, operations, enabled: z.boolean(), alerts: z.boolean(), checkpoints }).partial(),
    responses: { 200: webhook },
    problems: ['not_found'],
  }),
  removeWebhook: defineRoute({
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    summary: 'Remove a webhook, its secret and what is known of its deliveries',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
  rotateWebhookSecret: defineRoute({
    method: 'POST',
    path: '/v1/webhooks/{id}/secret-rotation',
    summary: 'Give a webhook another secret, which is shown once',
    description: 'For 24 hours requests are signed with both. A second rotation within that time ends the one before the last at once.',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 200: webhook.extend({ secret }) },
    problems: ['not_found'],
  }),
  testWebhook: defineRoute({
    method: 'POST',
    path: '/v1/webhooks/{id}/test',
    summary: 'Send a test event to a webhook’s receiver',
    description: 'Once, before what waits. A receiver that takes it is sent what waits at once. What came of it stands in the deliveries.',
    tags,
    security,
    params,
    responses: { 202: z.strictObject({ eventId: z.uuid() }) },
    problems: ['not_found', 'webhook_disabled'],
  }),
  replayWebhook: defineRoute({
    method: 'POST',
    path: '/v1/webhooks/{id}/replay',
    summary: 'Send entries again, from a place in the log or from a time on',
    description: 'Also forward: the log’s size as the place passes over all that waits.',
    tags,
    security,
    params,
    body: z
      .strictObject({ index: z.int().min(0).optional(), from: givenTime.optional() })
      .refine(({ index, from }) => (index === undefined) !== (from === undefined), { error: 'needs index or from, and not both' }),
    responses: { 200: webhook },
    problems: ['not_found'],
  }),
  listWebhookDeliveries: defineRoute({
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries',
    summary: 'List the last requests to a webhook’s receiver, the newest first',
    tags,
    security: { apiKey: ['configuration:read'] },
    params,
    responses: { 200: z.strictObject({ items: z.array(delivery) }) },
    problems: ['not_found'],
  }),
} as const;
