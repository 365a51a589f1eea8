import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAdminRecord, anyAuditEntry } from '../testing/arbitraries.ts';
import { sampleEntry } from '../testing/sample-entry.ts';
import { adminEvent, adminRecord } from './admin-record.ts';
import { auditEntry, auditEvent, instant, recordId } from './entry.ts';

/** Where a schema finds fault, as JSON pointers, or [] where it finds none. */
function faults(value: unknown): string[] {
  const result = auditEntry.safeParse(value);
  return result.success ? [] : result.error.issues.map((issue) => `/${issue.path.join('/')}`);
}

describe('auditEntry', () => {
  it('accepts every entry that a log may hold and gives it back unchanged', () => {
    fc.assert(
      fc.property(anyAuditEntry, (entry) => {
        expect(auditEntry.parse(entry)).toEqual(entry);
      }),
    );
  });

  it('refuses an unknown field, and a missing one, naming where', () => {
    expect(auditEntry.safeParse({ ...sampleEntry, location: 'Bern' }).error?.issues[0]).toMatchObject({
      code: 'unrecognized_keys',
      keys: ['location'],
      path: [],
    });
    expect(auditEntry.safeParse({ ...sampleEntry, actor: { ...sampleEntry.actor, name: 'Bob' } }).error?.issues[0]).toMatchObject({
      keys: ['name'],
      path: ['actor'],
    });
    for (const name of Object.keys(sampleEntry)) {
      const { [name]: _, ...rest }: Record<string, unknown> = { ...sampleEntry };
      expect(faults(rest)).toEqual([`/${name}`]);
    }
  });

  it('refuses an operation, a status, a method and a version that it does not know', () => {
    expect(faults({ ...sampleEntry, operation: 'MessageTeleport' })).toEqual(['/operation']);
    expect(faults({ ...sampleEntry, operation: 'messageaccess' })).toEqual(['/operation']);
    expect(faults({ ...sampleEntry, operationStatus: 0 })).toEqual(['/operationStatus']);
    expect(faults({ ...sampleEntry, authenticationMethod: 'Gmail' })).toEqual(['/authenticationMethod']);
    expect(faults({ ...sampleEntry, version: 2 })).toEqual(['/version']);
  });

  it('refuses text with line breaks, control characters, half surrogate pairs, or over its limit', () => {
    for (const bad of ['two\nlines', 'nul\u0000', 'bell\u0007', 'next\u0085line', 'para\u2029graph', '\udc00', 'x'.repeat(1025)]) {
      expect(faults({ ...sampleEntry, userAgent: bad })).toContain('/userAgent');
    }
    expect(faults({ ...sampleEntry, userAgent: 'a\ttab, “quotes” and 😀' })).toEqual([]);
    expect(faults({ ...sampleEntry, operationProperties: [{ name: '', value: '' }] })).toEqual(['/operationProperties/0/name']);
  });

  it('makes ids lower case, so that what is hashed is what the database gives back', () => {
    expect(recordId.parse('A3500D45-6AB3-4971-A762-A01A846015D0')).toBe('a3500d45-6ab3-4971-a762-a01a846015d0');
    expect(recordId.safeParse('a3500d456ab34971a762a01a846015d0').success).toBe(false);
  });

  it('has an event form without what only the log states', () => {
    const { logIndex: _, recordedAt: __, ...event } = sampleEntry;
    expect(auditEvent.parse(event)).toEqual(event);
    expect(auditEvent.safeParse(sampleEntry).success).toBe(false);
  });
});

describe('instant', () => {
  it('takes every millisecond from year 1 to 9999 in exactly one writing', () => {
    fc.assert(
      fc.property(anyAuditEntry, ({ creationTime }) => {
        expect(instant.parse(creationTime)).toBe(creationTime);
        for (const other of [
          creationTime.replace(/\d{3}Z$/, 'Z').replace('.Z', 'Z'),
          creationTime.replace('Z', '000Z'),
          creationTime.replace('Z', ''),
          creationTime.replace('Z', '+00:00'),
          creationTime.replace('T', ' '),
          creationTime.toLowerCase(),
          `${creationTime}\n`,
        ]) {
          expect(instant.safeParse(other).success).toBe(false);
        }
      }),
    );
  });

  it('refuses days and hours that do not exist', () => {
    for (const bad of [
      '2026-02-29T00:00:00.000Z',
      '2026-04-31T00:00:00.000Z',
      '2026-13-01T00:00:00.000Z',
      '2026-01-01T24:00:00.000Z',
      '2016-12-31T23:59:60.000Z',
      '0000-01-01T00:00:00.000Z',
    ]) {
      expect(instant.safeParse(bad).success).toBe(false);
    }
    expect(instant.safeParse('2028-02-29T23:59:59.999Z').success).toBe(true);
  });
});

describe('adminRecord', () => {
  it('accepts every record that a log may hold, and refuses unknown fields', () => {
    fc.assert(
      fc.property(anyAdminRecord, (record) => {
        expect(adminRecord.parse(record)).toEqual(record);
        expect(adminRecord.safeParse({ ...record, note: '' }).success).toBe(false);
        const { logIndex: _, recordedAt: __, ...event } = record;
        expect(adminEvent.parse(event)).toEqual(event);
      }),
    );
  });
});
