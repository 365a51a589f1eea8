import { adminAction, adminActions, adminRecord } from '@signet/domain/audit/admin-record';
import { operationStatus } from '@signet/domain/audit/entry';
import { z } from 'zod';
import { logFeed } from './audit-entries.ts';
import { cursor, givenTime, pageOf, pageSize, repeated } from './fields.ts';
import { defineRoute } from './route.ts';

const adminRecordFilters = z.strictObject({
  from: givenTime.optional(),
  to: givenTime.optional(),
  action: repeated(adminAction, adminActions.length).optional(),
  actor: z.string().min(1).max(320).meta({ description: 'The actor’s id or address.' }).optional(),
  target: z.string().min(1).max(1000).meta({ description: 'Id or name of what it was done to.' }).optional(),
  status: operationStatus.meta({ description: '`Failure`: what was refused.' }).optional(),
  limit: pageSize(5000, 100),
  cursor: cursor.optional(),
});

/** Forms of an export. */
export const adminRecordFormats = ['ndjson', 'csv'] as const;

const adminRecordExport = adminRecordFilters
  .omit({ limit: true, cursor: true })
  .extend({ format: z.enum(adminRecordFormats).default('ndjson') });

const adminRecordPage = pageOf(adminRecord);

export const adminRecordRoutes = {
  listAdminRecords: defineRoute({
    method: 'GET',
    path: '/v1/admin-records',
    summary: 'Search the admin records, newest first',
    tags: ['Admin records'],
    security: { apiKey: ['admin:read'] },
    query: adminRecordFilters,
    responses: { 200: adminRecordPage },
    problems: [],
  }),
  getAdminRecord: defineRoute({
    method: 'GET',
    path: '/v1/admin-records/{id}',
    summary: 'Read an admin record',
    tags: ['Admin records'],
    security: { apiKey: ['admin:read'] },
    params: z.strictObject({ id: z.guid().toLowerCase() }),
    responses: { 200: adminRecord },
    problems: ['not_found'],
  }),
  exportAdminRecords: defineRoute({
    method: 'GET',
    path: '/v1/admin-records/export',
    summary: 'Export admin records, as many as there are',
    description:
      'The records that the log had when the export began; `X-Signet-Log-Size` says how many. They come in the order of the log. `ndjson` without filters is the log itself, made to be verified: a line for each place, from 0. An answer that ends cleanly is whole; one that could not be finished ends with a broken connection. At most 3 exports of an organization run in one process at a time.',
    tags: ['Admin records'],
    security: { apiKey: ['admin:read'] },
    query: adminRecordExport,
    responses: { 200: 'stream' },
    problems: [],
  }),
  readAdminRecordFeed: defineRoute({
    method: 'GET',
    path: '/v1/admin-records/feed',
    summary: 'Follow the log of admin records, place by place',
    description:
      'As `GET /v1/audit-entries/feed` follows the audit log. That the feed was read is on record itself, and comes with it; an answer that holds nothing but such records leaves none.',
    tags: ['Admin records'],
    security: { apiKey: ['admin:read'] },
    query: logFeed,
    responses: { 200: 'stream' },
    problems: [],
  }),
} as const;
