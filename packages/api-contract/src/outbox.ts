import { instant } from '@signet/domain/audit/entry';
import { jobKinds } from '@signet/domain/jobs';
import { z } from 'zod';
import { address, cursor, pageOf, pageSize } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Outbox'] as const;

/** `dead`: given up until somebody revives it. `retrying`: failed at least once, and tried again by itself. */
const outboxState = z.enum(['dead', 'retrying']);

/** Something that could not be done, and what it was for. */
export const outboxRow = z
  .strictObject({
    id: z.string(),
    kind: z.enum(jobKinds),
    state: outboxState,
    message: z.strictObject({ id: z.uuid(), messageId: z.string(), subject: z.string().nullable(), sender: z.string() }).nullable(),
    recipient: address.nullable(),
    attempts: z.int().nonnegative(),
    lastError: z.string().nullable().meta({ description: 'The last trouble in words; for a mail the next hop’s answer.' }),
    since: instant.meta({ description: 'When it was to be done first.' }),
    deadAt: instant.nullable(),
    nextAttemptAt: instant.nullable().meta({ description: 'Null on a dead one.' }),
    isRevivable: z.boolean().meta({
      description: 'False, too, where nobody has a use for it any more: the message is closed to this recipient, or the passcode is over.',
    }),
  })
  .meta({ id: 'OutboxRow' });
export type OutboxRow = z.infer<typeof outboxRow>;

/** A message whose ciphertext is not where it was stored. */
const missingContent = z
  .strictObject({
    message: z.strictObject({ id: z.uuid(), messageId: z.string(), subject: z.string().nullable(), sender: z.string() }),
    missingSince: instant.meta({ description: 'When it was found to be missing.' }),
  })
  .meta({ id: 'MissingContent' });

export const outboxRoutes = {
  listOutbox: defineRoute({
    method: 'GET',
    path: '/v1/outbox',
    summary: 'List what could not be done, the latest first',
    description: 'Without `audit:read` wrapper mails alone: passcode mails and entries on their way tell of the trail.',
    tags,
    security: { apiKey: ['messages:read'] },
    query: z.strictObject({ state: outboxState.default('dead'), limit: pageSize(500, 50), cursor: cursor.optional() }),
    responses: { 200: pageOf(outboxRow) },
    problems: [],
  }),
  reviveOutboxRow: defineRoute({
    method: 'POST',
    path: '/v1/outbox/{id}/revival',
    summary: 'Try again what was given up',
    description: 'One that is being tried already is left as it is. One that was done meanwhile is not there any more.',
    tags,
    security: { apiKey: ['messages:resend'] },
    params: z.strictObject({ id: z.string().regex(/^\d{1,18}$/, { error: 'must be the id of an outbox row' }) }),
    responses: { 200: outboxRow },
    problems: ['not_found', 'not_revivable'],
  }),
  reviveOutbox: defineRoute({
    method: 'POST',
    path: '/v1/outbox/revival',
    summary: 'Try again everything that was given up and still has a use',
    description: 'At most 500 at once: `remaining` says how many are left for another call.',
    tags,
    security: { apiKey: ['messages:resend'] },
    responses: { 200: z.strictObject({ revived: z.int().nonnegative(), remaining: z.int().nonnegative() }) },
    problems: [],
  }),
  listMissingContent: defineRoute({
    method: 'GET',
    path: '/v1/missing-content',
    summary: 'List messages whose stored content is missing, the latest message first',
    description: 'What is stored is compared with the messages once a day.',
    tags,
    security: { apiKey: ['messages:read'] },
    query: z.strictObject({ limit: pageSize(500, 50), cursor: cursor.optional() }),
    responses: { 200: pageOf(missingContent) },
    problems: [],
  }),
  checkMissingContent: defineRoute({
    method: 'POST',
    path: '/v1/missing-content/check',
    summary: 'Look now for stored content that was missing',
    description:
      'What is there again, and whole, is no longer listed. At most 500 messages at once: `nextCursor` is where another call goes on. While the storage itself is away, nothing is said of any (503).',
    tags,
    security: { apiKey: ['messages:resend'] },
    query: z.strictObject({ cursor: cursor.optional() }),
    responses: {
      200: z.strictObject({ found: z.int().nonnegative(), missing: z.int().nonnegative(), nextCursor: z.string().nullable() }),
    },
    problems: [],
  }),
} as const;
