import { alertKind, alertKinds, alertStates } from '@signet/domain/alert';
import { actor, instant } from '@signet/domain/audit/entry';
import { logStreams } from '@signet/domain/log/checkpoint';
import { z } from 'zod';
import { cursor, pageOf, pageSize, repeated } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Alerts'] as const;
const params = z.strictObject({ id: z.uuid() });
const state = z.enum(alertStates);

const named = z.strictObject({ id: z.uuid(), name: z.string() });

const alert = z
  .strictObject({
    id: z.uuid(),
    kind: alertKind,
    state: state.meta({ description: '`open` while what it is about lasts. What somebody tried is over when nobody did for a day.' }),
    count: z.int().meta({ description: 'How often it was tried, or came back.' }),
    firstSeen: instant,
    lastSeen: instant,
    resolvedAt: instant.nullable(),
    acknowledgement: z
      .strictObject({ at: instant, by: actor.extend({ name: z.string() }) })
      .nullable()
      .meta({ description: 'Who said first that they have seen it.' }),
    about: z
      .strictObject({
        message: z.strictObject({ id: z.uuid(), messageId: z.string() }).nullable(),
        recipient: z.string().nullable(),
        webhook: named.nullable(),
        syslog: named.nullable(),
        apiKey: named.nullable(),
        log: z.enum(logStreams).nullable(),
      })
      .meta({ description: 'What it is about, as far as that is still there.' }),
    waiting: z.int().nullable().meta({ description: 'Entries that wait: to be sent, pulled or signed.' }),
    detail: z.string().nullable().meta({ description: 'The last trouble in words, or who switched tracking off.' }),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof alert>;

export const alertRoutes = {
  listAlerts: defineRoute({
    method: 'GET',
    path: '/v1/alerts',
    summary: 'List what needs somebody’s attention, the latest first',
    description: 'One alert for each thing while it lasts, however often it happens.',
    tags,
    security: { apiKey: ['audit:read'] },
    query: z.strictObject({
      state: state.optional(),
      kind: repeated(alertKind, alertKinds.length).optional(),
      acknowledged: z.enum(['true', 'false']).optional(),
      limit: pageSize(500, 50),
      cursor: cursor.optional(),
    }),
    responses: { 200: pageOf(alert) },
    problems: [],
  }),
  getAlertSummary: defineRoute({
    method: 'GET',
    path: '/v1/alerts/summary',
    summary: 'Count the open alerts',
    tags,
    security: { apiKey: ['audit:read'] },
    responses: {
      200: z.strictObject({
        open: z.int(),
        unacknowledged: z.int().meta({ description: 'Open ones that nobody has acknowledged.' }),
      }),
    },
    problems: [],
  }),
  getAlert: defineRoute({
    method: 'GET',
    path: '/v1/alerts/{id}',
    summary: 'Read an alert',
    tags,
    security: { apiKey: ['audit:read'] },
    params,
    responses: { 200: alert },
    problems: ['not_found'],
  }),
  acknowledgeAlert: defineRoute({
    method: 'POST',
    path: '/v1/alerts/{id}/acknowledgement',
    summary: 'Say that an alert was seen',
    description: 'It stays open while what it is about lasts. Who says so first is shown; a second time changes nothing.',
    tags,
    security: { apiKey: ['alerts:write', 'audit:read'] },
    params,
    responses: { 200: alert },
    problems: ['not_found'],
  }),
} as const;
