import { instant } from '@signet/domain/audit/entry';
import { z } from 'zod';
import { cursor, pageOf, pageSize } from './fields.ts';
import { defineRoute } from './route.ts';

/** Bytes of one import at most: a larger file is sent in pieces. */
export const IMPORT_LIMIT = 16 * 1024 * 1024;
/** Refused lines that a report names. */
export const NAMED_REFUSALS = 100;

/** Lines that stand before a piece of a file at most. */
const MAXIMUM_LINE_OFFSET = 1_000_000_000_000;

const tags = ['Audit entries'] as const;

const counted = z.strictObject({
  id: z.guid(),
  startedAt: instant,
  endedAt: instant.nullable().meta({ description: 'Null while records are being taken, and where that broke off: send the same again.' }),
  records: z.int().nonnegative().meta({ description: 'Records that were sent.' }),
  accepted: z.int().nonnegative().meta({ description: 'Records that were new: stored for good, and searchable a moment later.' }),
  duplicates: z.int().nonnegative().meta({ description: 'Records that were known with the same content.' }),
  refused: z.int().nonnegative(),
});

/** An import as a list has it: with how many were refused, and not which. */
const listedAuditImport = counted.meta({ id: 'ListedAuditImport' });
export type ListedAuditImport = z.infer<typeof listedAuditImport>;

export const auditImport = counted
  .extend({
    refusals: z
      .array(z.strictObject({ line: z.int().positive(), reason: z.string() }))
      .meta({ description: `The first ${NAMED_REFUSALS} that were refused: the line that each begins on, and why.` }),
  })
  .meta({ id: 'AuditImport' });
export type AuditImport = z.infer<typeof auditImport>;

export const auditImportRoutes = {
  importAuditRecords: defineRoute({
    method: 'POST',
    path: '/v1/audit-imports',
    summary: 'Import Microsoft 365 records of encrypted messages',
    description:
      'NDJSON with a record a line, as the Management Activity API and `AuditData` have it, or the CSV of `Search-UnifiedAuditLog | Export-Csv` with its column `AuditData`; which of the two is told by the content. The bytes are UTF-8, or UTF-16 where a byte order mark says so; a body that is not so throughout is refused as a whole, since what was replaced in a record would stay so. The answer comes when all that it counts as accepted is stored for good. A record that cannot be taken is refused by its line and holds up no other. The same file again changes nothing: what is known counts as a duplicate, so what broke off is sent again. Entries have the source `m365-import`, move no state, and are exported as the records that they were. Where the retention policy keeps entries for so many days, older ones are removed a week after their import; a legal hold that is placed before that keeps them.',
    tags,
    security: { apiKey: ['audit:write'] },
    query: z.strictObject({
      lineOffset: z.coerce.number<number>().int().min(0).max(MAXIMUM_LINE_OFFSET).default(0).meta({
        description: 'For a piece of a larger file: what is added to the numbers of its lines, so that `refusals` name those of the file.',
      }),
    }),
    rawBody: 'application/x-ndjson',
    otherRawBody: 'text/csv',
    responses: { 202: auditImport },
    problems: [],
  }),
  listAuditImports: defineRoute({
    method: 'GET',
    path: '/v1/audit-imports',
    summary: 'List the imports, the newest first, with how far they are',
    description:
      'Every body that was sent is an import of its own. Which of its lines were refused, and why, says `GET /v1/audit-imports/{id}`.',
    tags,
    security: { apiKey: ['audit:write'] },
    query: z.strictObject({ limit: pageSize(500, 50), cursor: cursor.optional() }),
    responses: { 200: pageOf(listedAuditImport) },
    problems: [],
  }),
  getAuditImport: defineRoute({
    method: 'GET',
    path: '/v1/audit-imports/{id}',
    summary: 'Look how far an import has come, and what was refused',
    tags,
    security: { apiKey: ['audit:write'] },
    params: z.strictObject({ id: z.guid() }),
    responses: { 200: auditImport },
    problems: ['not_found'],
  }),
} as const;
