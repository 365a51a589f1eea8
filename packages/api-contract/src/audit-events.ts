import { integrationEvent } from '@signet/domain/audit/integration-event';
import { z } from 'zod';
import { defineRoute } from './route.ts';

/** Events of one request at most. */
const EVENT_LIMIT = 5000;
/** Values in them together: each may be wrong, and be told of. */
const VALUE_LIMIT = 500_000;

/** Whether a JSON value holds more values than that, itself included. */
function isTooMuch(value: unknown): boolean {
  const open = [value];
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen + open.length > VALUE_LIMIT) return true;
    const next = open.pop();
    if (typeof next === 'object' && next !== null) for (const item of Object.values(next)) open.push(item);
  }
  return false;
}

const events = z.preprocess((value, context) => {
  if (!isTooMuch(value)) return value;
  context.addIssue({ code: 'custom', message: `must not hold more than ${VALUE_LIMIT} values together: send fewer at once` });
  return z.NEVER;
}, z.array(integrationEvent).min(1).max(EVENT_LIMIT));

export const auditEventRoutes = {
  recordAuditEvents: defineRoute({
    method: 'POST',
    path: '/v1/audit-events',
    summary: 'Add steps that another system saw to the audit trail',
    description:
      'The answer means that every event is stored for good; it is searchable a moment later. All or nothing: where one event is wrong, or its id is known with other content, none is taken, and `errors` names each at fault (`/events/{index}/…`). An id that comes again with the same content is a duplicate and changes nothing, so any request may be repeated. The entries’ `source` is the API key’s name; they move no state and count in no report. The organization’s privacy policy reduces `clientIp`, `userAgent` and the property `MailSubject`. Operations that only Signet may state are refused.',
    tags: ['Audit entries'],
    security: { apiKey: ['audit:write'] },
    body: z.strictObject({ events }),
    responses: {
      202: z.strictObject({
        accepted: z.int().nonnegative().meta({ description: 'Events that were new.' }),
        duplicates: z.int().nonnegative().meta({ description: 'Events that were known with the same content.' }),
      }),
    },
    problems: ['event_id_conflict'],
  }),
} as const;
