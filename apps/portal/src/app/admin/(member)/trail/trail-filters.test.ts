import { expect, test } from 'vitest';
import { trailFiltersOf, trailPath, trailQueryOf } from './trail-filters.ts';

test('an address is read into filters and written back', () => {
  const filters = trailFiltersOf({
    operation: 'MessageAccess',
    recipient: ' bob@example.net ',
    sender: '',
    subject: ['a', 'b'],
    other: 'x',
  });
  expect(filters).toEqual({ operation: ['MessageAccess'], recipient: 'bob@example.net' });
  expect(trailPath(filters, { cursor: 'abc' })).toBe('/admin/trail?operation=MessageAccess&recipient=bob%40example.net&cursor=abc');
});

test('every filter is asked for; both days count whole, in the member’s zone', () => {
  const given = {
    operation: 'MessageAccess',
    operationStatus: 'Failure',
    messageId: '<1@acme.example>',
    recipient: 'bob@*',
    sender: 'alice@acme.example',
    subject: 'lease',
    authenticationMethod: 'OTP',
    authenticationStatus: 'Success',
    source: 'signet',
    from: '2026-11-24',
    to: '2026-11-24',
  };
  const { query, faults } = trailQueryOf(trailFiltersOf(given), 'Europe/Zurich');
  expect(query).toEqual({ ...given, operation: ['MessageAccess'], from: '2026-11-23T23:00:00.000Z', to: '2026-11-24T23:00:00.000Z' });
  expect(faults).toEqual({});
});

test('several steps are asked for at once, and each of them stands in the address', () => {
  const filters = trailFiltersOf({ operation: ['MessageRevoke', 'MessageAccess', 'MessageAccess', ''] });
  expect(trailPath(filters)).toBe('/admin/trail?operation=MessageRevoke&operation=MessageAccess');
  const { query, faults } = trailQueryOf(filters, 'UTC');
  expect(query.operation).toEqual(['MessageAccess', 'MessageRevoke']);
  expect(faults).toEqual({});
});

test('minutes count whole, in the member’s zone', () => {
  const minute = { from: '2026-11-24', fromTime: '10:30', to: '2026-11-24', toTime: '10:30' };
  expect(trailQueryOf(minute, 'Europe/Zurich')).toMatchObject({
    query: { from: '2026-11-24T09:30:00.000Z', to: '2026-11-24T09:31:00.000Z' },
    faults: {},
  });
  expect(trailQueryOf({ ...minute, toTime: '10:29' }, 'UTC').faults).toEqual({ to: 'order' });
  expect(trailQueryOf({ ...minute, fromTime: '25:00', toTime: 'noon' }, 'UTC').faults).toEqual({ from: 'noTime', to: 'noTime' });
  expect(trailQueryOf({ fromTime: '10:30', toTime: '10:30' }, 'UTC').faults).toEqual({ from: 'noDayToIt', to: 'noDayToIt' });
});

test('what is wrong is named at its field', () => {
  const { faults } = trailQueryOf(
    { from: '24.11.2026', operation: ['MessageAccess', 'Nothing'], operationStatus: 'Perhaps', authenticationMethod: 'Luck' },
    'UTC',
  );
  expect(faults).toEqual({ from: 'noDay', operation: 'noChoice', operationStatus: 'noChoice', authenticationMethod: 'noChoice' });
  expect(trailQueryOf({ from: '2026-11-24', to: '2026-11-23' }, 'UTC').faults).toEqual({ to: 'order' });
});
