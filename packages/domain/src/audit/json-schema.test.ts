import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAdminRecord, anyAuditEntry } from '../testing/arbitraries.ts';
import { sampleEntry } from '../testing/sample-entry.ts';
import { adminRecord } from './admin-record.ts';
import { auditEntry } from './entry.ts';
import { integrationEvent } from './integration-event.ts';
import type { AuditSchemaName } from './json-schema.ts';
import { auditJsonSchema, auditSchemaNames } from './json-schema.ts';

/** An independent validator of the exported schema. */
function validatorOf(name: AuditSchemaName) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false });
  addFormats.default(ajv);
  return ajv.compile(auditJsonSchema(name));
}

const bad: [string, unknown][] = [
  ['an unknown field', { ...sampleEntry, location: 'Bern' }],
  ['an unknown field of the actor', { ...sampleEntry, actor: { ...sampleEntry.actor, name: 'Bob' } }],
  ['an unknown operation', { ...sampleEntry, operation: 'MessageTeleport' }],
  ['a number as status', { ...sampleEntry, operationStatus: 0 }],
  ['a time with seconds only', { ...sampleEntry, creationTime: '2026-11-22T10:36:45Z' }],
  ['a time with a zone', { ...sampleEntry, creationTime: '2026-11-22T10:36:45.123+00:00' }],
  ['an id that is none', { ...sampleEntry, id: '41' }],
  ['a place before the first', { ...sampleEntry, logIndex: -1 }],
  ['a place between two', { ...sampleEntry, logIndex: 1.5 }],
  ['a line break', { ...sampleEntry, attachmentName: 'a\nb' }],
  ['text over the limit', { ...sampleEntry, userAgent: 'x'.repeat(1025) }],
  ['a property without a name', { ...sampleEntry, operationProperties: [{ value: '' }] }],
  ['another version', { ...sampleEntry, version: 2 }],
  ['null as sender', { ...sampleEntry, sender: null }],
  ['nothing', {}],
  ['a list', []],
];

describe('auditJsonSchema', () => {
  it('names every record with a title and an id of its own', () => {
    const all = auditSchemaNames.map(auditJsonSchema);
    expect(all.map((schema) => schema.$id)).toEqual([
      'urn:signet:schema:audit-entry:1',
      'urn:signet:schema:audit-event:1',
      'urn:signet:schema:admin-record:1',
    ]);
    for (const schema of all) {
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(schema.title).toMatch(/^Signet /);
    }
  });

  it('accepts every entry that Signet accepts', () => {
    const validate = validatorOf('audit-entry');
    fc.assert(
      fc.property(anyAuditEntry, (entry) => {
        expect(auditEntry.safeParse(entry).success).toBe(true);
        expect({ valid: validate(entry), errors: validate.errors }).toEqual({ valid: true, errors: null });
      }),
    );
  });

  it('accepts every admin record that Signet accepts', () => {
    const validate = validatorOf('admin-record');
    fc.assert(
      fc.property(anyAdminRecord, (record) => {
        expect(adminRecord.safeParse(record).success).toBe(true);
        expect({ valid: validate(record), errors: validate.errors }).toEqual({ valid: true, errors: null });
      }),
    );
    expect(validate({ ...sampleEntry })).toBe(false);
  });

  it.each(bad)('refuses %s, as Signet does', (_, value) => {
    expect(validatorOf('audit-entry')(value)).toBe(false);
    expect(auditEntry.safeParse(value).success).toBe(false);
  });

  it('refuses an event with an operation that only Signet may state, as Signet does', () => {
    const { version: _1, source: _2, recordedAt: _3, organizationId: _4, messageUid: _5, logIndex: _6, ...event } = sampleEntry;
    const validate = validatorOf('audit-event');
    for (const [value, accepted] of [
      [event, true],
      [{ ...event, operation: 'MessageRevoke' }, false],
      [{ ...event, source: 'signet' }, false],
    ] as const) {
      expect(validate(value)).toBe(accepted);
      expect(integrationEvent.safeParse(value).success).toBe(accepted);
    }
  });
});
