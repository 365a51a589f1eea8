import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { erasureKinds, erasureLimits, erasureOutcomes } from '@signet/domain/erasure';
import { holdKinds } from '@signet/domain/legal-hold';
import { z } from 'zod';
import { cursor, givenAddress, pageOf, pageSize } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Erasures of audit entries'] as const;
const security = { apiKey: ['audit:erase'] } as const;
const reading = { apiKey: ['audit:read'] } as const;
const count = z.int().nonnegative();

const named = z.strictObject({
  entries: z.array(z.guid().toLowerCase()).min(1).max(erasureLimits.entries).meta({ description: 'Ids of entries.' }).optional(),
  address: givenAddress
    .meta({
      description: `All entries so far that name this address as sender or recipient, the oldest ${erasureLimits.byAddress} of them. It is kept nowhere.`,
    })
    .optional(),
});

function isNamedOnce({ entries, address }: z.output<typeof named>): boolean {
  return (entries === undefined) !== (address === undefined);
}
const namedOnce = { path: ['entries'], error: 'give either entries or an address' };

const request = named
  .extend({
    reason: recordText(1000)
      .trim()
      .min(1)
      .meta({ description: 'The request or the order that it follows. It is on record for ever: name a case, and not the person.' }),
    leaveHeld: z.boolean().default(false).meta({ description: 'Erases what no legal hold keeps, where otherwise nothing would be.' }),
  })
  .refine(isNamedOnce, namedOnce);

const auditErasure = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum(erasureKinds).meta({ description: 'How the entries were named.' }),
    reason: z.string(),
    entries: count.meta({ description: 'How many were taken.' }),
    erased: count.meta({ description: 'How many are erased.' }),
    held: count.meta({ description: 'How many stayed, since a legal hold came first.' }),
    gone: count.meta({ description: 'How many were removed by something else, as retention.' }),
    createdAt: instant,
    createdBy: z.string().nullable(),
    endedAt: instant.nullable().meta({ description: 'Null: not all is done.' }),
  })
  .meta({ id: 'AuditErasure' });
export type AuditErasure = z.infer<typeof auditErasure>;

const preview = z
  .strictObject({
    entries: count.meta({ description: 'How many would be erased.' }),
    held: count.meta({
      description: `How many legal holds keep; of an address those that lie among the ones that would be erased, counted up to ${erasureLimits.heldByAddress}.`,
    }),
    already: count.meta({ description: 'How many of those that were named are erased, or will be; of an address, will be.' }),
    more: z.boolean().meta({ description: 'There may be more than one erasure takes.' }),
    messageCount: count.meta({ description: 'How many messages the entries are about.' }),
    messages: z
      .array(z.strictObject({ messageUid: z.uuid().nullable(), messageId: z.string(), entries: count }))
      .meta({ description: 'The first hundred of these; none for who lacks `audit:read`.' }),
    holds: z
      .array(z.strictObject({ id: z.uuid(), kind: z.enum(holdKinds), reason: z.string().nullable() }))
      .meta({ description: 'The legal holds that keep some, the first hundred; `reason` is null for who lacks `audit:read`.' }),
  })
  .meta({ id: 'AuditErasurePreview' });
export type AuditErasurePreview = z.infer<typeof preview>;

const entryErasure = z
  .strictObject({
    id: z.guid().meta({ description: 'Of the entry.' }),
    outcome: z.enum(erasureOutcomes).meta({
      description: '`waiting`: it will be erased within seconds. `held`: a legal hold kept it. `gone`: something else had removed it.',
    }),
    logIndex: count.meta({ description: 'Its place in the log, which stays.' }),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'The log entry, which stays.' }),
    removedAt: instant.nullable(),
    record: z.uuid().nullable().meta({ description: 'Id of the admin record that names its place.' }),
    erasure: auditErasure,
  })
  .meta({ id: 'AuditEntryErasure' });
export type AuditEntryErasure = z.infer<typeof entryErasure>;

export const auditErasureRoutes = {
  previewAuditErasure: defineRoute({
    method: 'POST',
    path: '/v1/audit-erasures/preview',
    summary: 'Count the audit entries that an erasure would take, and change nothing',
    tags,
    security,
    body: named.refine(isNamedOnce, namedOnce),
    responses: { 200: preview },
    problems: ['not_found'],
  }),
  createAuditErasure: defineRoute({
    method: 'POST',
    path: '/v1/audit-erasures',
    summary: 'Have audit entries erased for good, as a law demands',
    description:
      'A worker removes them within seconds, with all that was made of them, once a published checkpoint covers them. Their places in the log, checkpoints and proofs of other entries stay; admin records say who had how many erased, why, and at which places. A legal hold wins: where one keeps an entry nothing is erased, unless `leaveHeld` is true. Messages, and what admin records say, are not erased.',
    tags,
    security,
    recentAuthentication: true,
    body: request,
    responses: { 202: auditErasure },
    problems: ['not_found', 'entry_held', 'entry_erased', 'retention_unavailable'],
  }),
  listAuditErasures: defineRoute({
    method: 'GET',
    path: '/v1/audit-erasures',
    summary: 'List the erasures of audit entries, the newest first, with how far they are',
    tags,
    security: reading,
    query: z.strictObject({ limit: pageSize(500, 50), cursor: cursor.optional() }),
    responses: { 200: pageOf(auditErasure) },
    problems: [],
  }),
  getAuditErasure: defineRoute({
    method: 'GET',
    path: '/v1/audit-erasures/{id}',
    summary: 'Read how far an erasure of audit entries is',
    tags,
    security: reading,
    params: z.strictObject({ id: z.uuid() }),
    responses: { 200: auditErasure },
    problems: ['not_found'],
  }),
  getAuditEntryErasure: defineRoute({
    method: 'GET',
    path: '/v1/audit-entries/{id}/erasure',
    summary: 'Read what is left of an audit entry that was erased, or is to be',
    tags: ['Audit entries'],
    security: reading,
    params: z.strictObject({ id: z.guid().toLowerCase() }),
    responses: { 200: entryErasure },
    problems: ['not_found'],
  }),
} as const;
