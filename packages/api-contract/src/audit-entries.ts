import { auditEntry, authenticationMethod, instant, operationStatus } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { z } from 'zod';
import { cursor, givenTime, pageOf, pageSize, repeated } from './fields.ts';
import { judgedTouches } from './judged-touch.ts';
import { defineRoute } from './route.ts';

const addressOrPrefix = z.string().min(1).max(321).meta({ description: 'An address, or its beginning followed by `*`.' });

/** A count goes no further. */
export const COUNTED_ENTRIES = 10_000;

export const auditEntryFilters = z.strictObject({
  messageId: z
    .string()
    .min(1)
    .max(1000)
    .meta({ description: 'A Message-ID, with or without angle brackets, or Signet’s own id of a message.' })
    .optional(),
  recipient: addressOrPrefix.optional(),
  sender: addressOrPrefix.optional(),
  subject: z.string().min(1).max(200).meta({ description: 'Words of the subject, all of which must occur.' }).optional(),
  operation: repeated(z.enum(operationNames), operationNames.length).optional(),
  authenticationMethod: authenticationMethod.optional(),
  authenticationStatus: operationStatus.optional(),
  operationStatus: operationStatus.optional(),
  source: z.string().min(1).max(64).optional(),
  from: givenTime.meta({ description: 'The first instant that counts.' }).optional(),
  to: givenTime.meta({ description: 'The first instant that no longer counts.' }).optional(),
  count: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: `Whether to say how many entries there are in all, as far as ${COUNTED_ENTRIES}.` }),
  limit: pageSize(5000, 100),
  cursor: cursor.optional(),
});

/** Forms of an export. */
export const exportFormats = ['ndjson', 'csv', 'm365'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const auditExport = auditEntryFilters.omit({ count: true, limit: true, cursor: true }).extend({
  format: z.enum(exportFormats).default('ndjson'),
  include: z
    .literal('all')
    .meta({ description: 'With `m365`: entries of all operations, and not of Microsoft’s five alone. The other formats have them all.' })
    .optional(),
});

/** Answer header: how many entries the log had when an export or a piece of the feed began. */
export const LOG_SIZE_HEADER = 'x-signet-log-size';
/** Answer header: `false` while an event of the time asked for was still on its way into the log when an export or a piece of the feed began. */
export const COMPLETE_HEADER = 'x-signet-complete';
/** Answer header: every event committed before this time was in the log then. */
export const INDEXED_THROUGH_HEADER = 'x-signet-indexed-through';
/** Answer header of the feed: what to say as `after` next time. */
export const NEXT_AFTER_HEADER = 'x-signet-next-after';

/** How a log is followed: what lies behind a place. */
export const logFeed = z.strictObject({
  after: z.coerce
    .number<number>()
    .int()
    .min(-1)
    .max(Number.MAX_SAFE_INTEGER)
    .meta({ description: 'The `logIndex` of the last line that the caller has; -1 where they have none.' })
    .default(-1),
  limit: pageSize(5000, 1000),
});

export const auditEntryPage = pageOf(auditEntry).extend({
  verdicts: judgedTouches,
  complete: z.boolean().meta({
    description:
      'False when the search stopped at its budget, and the page may have fewer entries than there are, even none: go on with its cursor. Also false while an event of the time asked for is still on its way.',
  }),
  indexedThrough: instant.meta({ description: 'Every event committed before this time is searchable.' }),
});

const auditSearchPage = auditEntryPage.extend({
  previousCursor: cursor.nullable().meta({ description: 'Leads to the newer ones; null on the first page.' }),
  matches: z
    .strictObject({
      count: z.int().nonnegative(),
      capped: z.boolean().meta({ description: 'There are more than were counted, or may be: not all could be looked at.' }),
    })
    .nullable()
    .meta({ description: 'How many there are in all, where `count=true` asked for it.' }),
});

export const auditEntryRoutes = {
  listAuditEntries: defineRoute({
    method: 'GET',
    path: '/v1/audit-entries',
    summary: 'Search the audit entries, newest first',
    description:
      'With `messageId` these are the recorded steps of a message. Steps of a time in which tracking was off do not exist: the message’s `tracking.gaps` name those times, and `GET /v1/admin-records` has the switches, revocations and restorations.',
    tags: ['Audit entries'],
    security: { apiKey: ['audit:read'] },
    query: auditEntryFilters,
    responses: { 200: auditSearchPage },
    problems: [],
  }),
  getAuditEntry: defineRoute({
    method: 'GET',
    path: '/v1/audit-entries/{id}',
    summary: 'Read an audit entry',
    tags: ['Audit entries'],
    security: { apiKey: ['audit:read'] },
    params: z.strictObject({ id: z.guid().toLowerCase() }),
    responses: { 200: auditEntry },
    problems: ['not_found', 'entry_erased'],
  }),
  exportAuditEntries: defineRoute({
    method: 'GET',
    path: '/v1/audit-entries/export',
    summary: 'Export audit entries, as many as there are',
    description:
      'The entries that the log had when the export began; `X-Signet-Log-Size` says how many. `X-Signet-Complete: false` says that events of the time asked for were on their way into the log, and `X-Signet-Indexed-Through` that every one committed before this time was in it. `ndjson` without filters is the log itself, made to be verified: a line for each place, from 0, in order. Everything else comes in the order of the entries’ time, the oldest first. An answer that ends cleanly is whole; one that could not be finished ends with a broken connection. At most 3 exports of an organization run in one process at a time.',
    tags: ['Audit entries'],
    security: { apiKey: ['audit:read'] },
    query: auditExport,
    responses: { 200: 'stream' },
    problems: [],
  }),
  readAuditFeed: defineRoute({
    method: 'GET',
    path: '/v1/audit-entries/feed',
    summary: 'Follow the audit log, place by place',
    description:
      'Lines of NDJSON as the export writes them, from the place behind `after` on, in order and without a gap: what is not there yet is not passed over. An erased entry keeps its line. `X-Signet-Next-After` is what to say as `after` next time, `X-Signet-Log-Size` how many places there are. An answer without lines means that there is nothing new in the log; `X-Signet-Complete: false`, that something is on its way into it: every event committed before `X-Signet-Indexed-Through` is in it. At most 3 readers of an organization are answered by one process at a time. An `after` beyond the end of the log is refused: the log has lost what the caller has seen.',
    tags: ['Audit entries'],
    security: { apiKey: ['audit:read'] },
    query: logFeed,
    responses: { 200: 'stream' },
    problems: [],
  }),
} as const;
