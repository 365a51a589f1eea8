import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { holdKinds } from '@signet/domain/legal-hold';
import { z } from 'zod';
import { cursor, givenAddress, givenTime, pageOf, pageSize } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Legal holds'] as const;
const security = { apiKey: ['holds:write'] } as const;
const params = z.strictObject({ id: z.uuid() });
const reason = recordText(1000).trim().min(1);

export const legalHold = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum(holdKinds),
    messageUid: z.uuid().nullable(),
    messageId: z.string().nullable(),
    address: z.string().nullable().meta({ description: 'In lower case.' }),
    from: instant.nullable(),
    to: instant.nullable().meta({ description: 'Exclusive.' }),
    reason: z.string(),
    createdAt: instant,
    createdBy: z.string().nullable(),
    releasedAt: instant.nullable().meta({ description: 'Null: it holds.' }),
    releasedBy: z.string().nullable(),
    releaseReason: z.string().nullable(),
  })
  .meta({ id: 'LegalHold' });
export type LegalHold = z.infer<typeof legalHold>;

const releaseForecast = z
  .strictObject({
    entries: z.int().nonnegative().meta({ description: 'Audit entries that retention would remove.' }),
    messages: z.int().nonnegative().meta({ description: 'Expired messages whose content would be erased.' }),
    more: z.boolean().meta({ description: 'There may be more than these: each operation, and messages, are looked at up to 10,000.' }),
  })
  .meta({ id: 'ReleaseForecast' });
export type ReleaseForecast = z.infer<typeof releaseForecast>;

const newHold = z
  .strictObject({
    kind: z.enum(holdKinds).meta({
      description: '`message`: one message. `address`: all of a sender’s or recipient’s. `organization`: everything.',
    }),
    message: recordText(1000).min(1).meta({ description: 'Of `message`: its `id` or Message-ID.' }).optional(),
    address: givenAddress.meta({ description: 'Of `address`.' }).optional(),
    from: givenTime
      .meta({ description: 'Entries of this time or later, and content of messages accepted then; not of `message`.' })
      .optional(),
    to: givenTime.meta({ description: 'Exclusive; not of `message`.' }).optional(),
    reason,
  })
  .refine(({ kind, message }) => (kind === 'message') === (message !== undefined), {
    path: ['message'],
    error: 'is needed for a message, and has no meaning otherwise',
  })
  .refine(({ kind, address }) => (kind === 'address') === (address !== undefined), {
    path: ['address'],
    error: 'is needed for an address, and has no meaning otherwise',
  })
  .refine(({ kind, from, to }) => kind !== 'message' || (from === undefined && to === undefined), {
    path: ['from'],
    error: 'has no meaning for one message',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, { path: ['to'], error: 'must be later than from' });

export const legalHoldRoutes = {
  listLegalHolds: defineRoute({
    method: 'GET',
    path: '/v1/legal-holds',
    summary: 'List the legal holds, the newest first, those that hold before those that were released',
    tags,
    security: { apiKey: ['configuration:read'] },
    query: z.strictObject({
      state: z.enum(['holding', 'released']).meta({ description: 'All of them where it is left out.' }).optional(),
      limit: pageSize(500, 100),
      cursor: cursor.optional(),
    }),
    responses: { 200: pageOf(legalHold) },
    problems: [],
  }),
  getLegalHold: defineRoute({
    method: 'GET',
    path: '/v1/legal-holds/{id}',
    summary: 'Read a legal hold',
    tags,
    security: { apiKey: ['configuration:read'] },
    params,
    responses: { 200: legalHold },
    problems: ['not_found'],
  }),
  forecastLegalHoldRelease: defineRoute({
    method: 'GET',
    path: '/v1/legal-holds/{id}/forecast',
    summary: 'Count what releasing a legal hold would have removed and erased at once',
    description:
      'What this hold alone keeps, and whose time is over by the policies as they are. What it keeps besides is removed and erased in its own time.',
    tags,
    security: { apiKey: ['configuration:read'] },
    params,
    responses: { 200: releaseForecast },
    problems: ['not_found'],
  }),
  createLegalHold: defineRoute({
    method: 'POST',
    path: '/v1/legal-holds',
    summary: 'Keep entries and content, whatever retention and erasure say',
    description:
      'Once this has answered nothing that was there then is removed or erased. Who may read what does not change: a revoked or expired message stays closed.',
    tags,
    security,
    body: newHold,
    responses: { 201: legalHold },
    problems: ['not_found', 'message_id_ambiguous', 'too_many'],
  }),
  changeLegalHold: defineRoute({
    method: 'PATCH',
    path: '/v1/legal-holds/{id}',
    summary: 'Change the reason of a legal hold that holds',
    tags,
    security,
    params,
    body: z.strictObject({ reason }),
    responses: { 200: legalHold },
    problems: ['not_found'],
  }),
  releaseLegalHold: defineRoute({
    method: 'POST',
    path: '/v1/legal-holds/{id}/release',
    summary: 'Release a legal hold: what it alone kept is removed and erased again when its time is over',
    description: 'It stays in the list. Released twice, the first release stands.',
    tags,
    security,
    recentAuthentication: true,
    params,
    body: z.strictObject({ reason }),
    responses: { 200: legalHold },
    problems: ['not_found'],
  }),
} as const;
