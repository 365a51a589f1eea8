import { adminAction, adminActions, adminRecord } from '@signet/domain/audit/admin-record';
import { operationStatus } from '@signet/domain/audit/entry';
import { z } from 'zod';
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
} as const;
