import { z } from 'zod';
import { adminRecord } from './admin-record.ts';
import { auditEntry } from './entry.ts';
import { integrationEvent } from './integration-event.ts';

const schemas = {
  'audit-entry': { title: 'Signet audit entry', schema: auditEntry },
  'audit-event': { title: 'Signet audit event, as an integration states it', schema: integrationEvent },
  'admin-record': { title: 'Signet admin record', schema: adminRecord },
} as const satisfies Record<string, { title: string; schema: z.ZodType }>;

export type AuditSchemaName = keyof typeof schemas;
export const auditSchemaNames = Object.keys(schemas).filter((name): name is AuditSchemaName => name in schemas);

/**
 * The JSON Schema (2020-12) of a record, for programs that do not run ours; `$id` names its version. It is as strict as
 * a JSON Schema can be: that a day exists in the calendar, and that text has no half surrogate pairs, only we check.
 */
export function auditJsonSchema(name: AuditSchemaName): z.core.JSONSchema.JSONSchema {
  const { title, schema } = schemas[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return { $schema: $schema ?? 'https://json-schema.org/draft/2020-12/schema', $id: `urn:signet:schema:${name}:1`, title, ...rest };
}
