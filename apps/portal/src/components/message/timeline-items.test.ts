import type { AdminRecord } from '@signet/domain/audit/admin-record';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { expect, test } from 'vitest';
import { switchedTo, timelineOf } from './timeline-items.ts';

const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`;
const nobody = { kind: 'unknown', id: null, address: null } as const;

const entry = (minute: number, operation: AuditEntry['operation'] = 'MessageAccess'): AuditEntry => ({
  id: `0192f7a0-0000-7000-8000-0000000000${String(minute).padStart(2, '0')}`,
  version: 1,
  source: 'signet',
  organizationId: '0192f7a0-0000-7000-8000-00000000aaaa',
  messageUid: '0192f7a0-0000-7000-8000-00000000bbbb',
  operation,
  creationTime: at(minute),
  recordedAt: at(minute),
  messageId: '<a@acme.example>',
  recipients: ['bob@example.net'],
  sender: 'alice@acme.example',
  authenticationMethod: null,
  authenticationStatus: null,
  operationStatus: 'Success',
  attachmentName: null,
  operationProperties: [],
  actor: nobody,
  clientIp: null,
  userAgent: null,
  logIndex: minute,
});

const record = (minute: number, fields: Partial<AdminRecord> = {}): AdminRecord => ({
  id: `0192f7a0-0000-7000-8000-0000000001${String(minute).padStart(2, '0')}`,
  version: 1,
  organizationId: '0192f7a0-0000-7000-8000-00000000aaaa',
  action: 'MessageRevoke',
  creationTime: at(minute),
  recordedAt: at(minute),
  actor: nobody,
  target: { kind: 'message', id: '0192f7a0-0000-7000-8000-00000000bbbb' },
  status: 'Success',
  reason: null,
  before: null,
  after: null,
  clientIp: null,
  userAgent: null,
  logIndex: minute,
  ...fields,
});

const none = { entries: [], more: false, records: [], changes: [], gaps: [], removed: null, before: undefined };
const kinds = (sources: Parameters<typeof timelineOf>[0]) => timelineOf(sources).items.map(({ kind, at: time }) => [kind, time]);

test('a mail that was sent again stands once where it was recorded, and by its act where it was not, or was refused', () => {
  const resends = [
    record(5, { action: 'MessageResend' }),
    record(7, { action: 'MessageResend', status: 'Failure' }),
    record(9, { action: 'MessageResend' }),
  ];
  const entries = [entry(5, 'WrapperResend')];
  expect(kinds({ ...none, entries, records: resends, gaps: [{ from: at(8), to: at(10) }] })).toEqual([
    ['gap', at(10)],
    ['record', at(9)],
    ['record', at(7)],
    ['entry', at(5)],
  ]);
});

test('a recorded revocation stands once, though both logs tell of it', () => {
  expect(kinds({ ...none, entries: [entry(5, 'MessageRevoke'), entry(1)], records: [record(5)] })).toEqual([
    ['entry', at(5)],
    ['entry', at(1)],
  ]);
});

test('a revocation in a time that was not recorded stands in the timeline, and so does the gap', () => {
  const gaps = [{ from: at(3), to: at(9) }];
  expect(kinds({ ...none, entries: [entry(10), entry(1)], records: [record(5)], gaps })).toEqual([
    ['entry', at(10)],
    ['gap', at(9)],
    ['record', at(5)],
    ['entry', at(1)],
  ]);
});

test('a refused act stands in the timeline, which has no entry of it', () => {
  expect(kinds({ ...none, entries: [entry(1)], records: [record(5, { status: 'Failure' })] })).toEqual([
    ['record', at(5)],
    ['entry', at(1)],
  ]);
});

test('a gap that still lasts stands above everything, one that ended below the switch that ended it', () => {
  const change = record(9, {
    action: 'ConfigurationChange',
    before: { enablePortalTrackingLogs: false },
    after: { enablePortalTrackingLogs: true },
  });
  const gaps = [
    { from: at(3), to: at(9) },
    { from: at(20), to: null },
  ];
  expect(kinds({ ...none, entries: [entry(10)], changes: [change], gaps })).toEqual([
    ['gap', null],
    ['entry', at(10)],
    ['switch', at(9)],
    ['gap', at(9)],
  ]);
});

test('a page shows what belongs to its own time, and where the next one begins', () => {
  const gaps = [{ from: at(3), to: at(4) }];
  const first = timelineOf({ ...none, entries: [entry(10), entry(8)], more: true, gaps });
  expect(first.items.map(({ kind }) => kind)).toEqual(['entry', 'entry']);
  expect(first.before).toBe('2026-11-22T10:08:00.001Z');
  const second = timelineOf({ ...none, entries: [entry(8), entry(1)], gaps, before: first.before ?? undefined });
  expect(second.items.map(({ kind }) => kind)).toEqual(['entry', 'gap', 'entry']);
  expect(second.before).toBeNull();
});

test('steps that are removed stand once in the timeline, where the newest of them was, also where nothing else is left', () => {
  const removed = { steps: 3, from: at(2), to: at(6) };
  expect(kinds({ ...none, removed })).toEqual([['removed', at(6)]]);
  expect(kinds({ ...none, entries: [entry(10), entry(6), entry(1)], removed })).toEqual([
    ['entry', at(10)],
    ['entry', at(6)],
    ['removed', at(6)],
    ['entry', at(1)],
  ]);
  const first = timelineOf({ ...none, entries: [entry(10), entry(8)], more: true, removed });
  expect(first.items.map(({ kind }) => kind)).toEqual(['entry', 'entry']);
  const second = timelineOf({ ...none, entries: [entry(8), entry(1)], removed, before: first.before ?? undefined });
  expect(second.items.map(({ kind }) => kind)).toEqual(['entry', 'removed', 'entry']);
});

test('a change of something else, and a refused one, is no switch of tracking', () => {
  const on = { enablePortalTrackingLogs: true };
  expect(switchedTo(record(1, { before: on, after: on }))).toBeNull();
  expect(switchedTo(record(1, { before: null, after: { other: 1 } }))).toBeNull();
  expect(switchedTo(record(1, { before: { enablePortalTrackingLogs: false }, after: on, status: 'Failure' }))).toBeNull();
  expect(switchedTo(record(1, { before: { enablePortalTrackingLogs: false }, after: on }))).toBe(true);
});
