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
  expect(filters).toEqual({ operation: 'MessageAccess', recipient: 'bob@example.net' });
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
  const { query, faults } = trailQueryOf(given, 'Europe/Zurich');
  expect(query).toEqual({ ...given, operation: ['MessageAccess'], from: '2026-11-23T23:00:00.000Z', to: '2026-11-24T23:00:00.000Z' });
  expect(faults).toEqual({});
});

test('what is wrong is named at its field', () => {
  const { faults } = trailQueryOf(
    { from: '24.11.2026', operation: 'Nothing', operationStatus: 'Perhaps', authenticationMethod: 'Luck' },
    'UTC',
  );
  expect(faults).toEqual({ from: 'noDay', operation: 'noChoice', operationStatus: 'noChoice', authenticationMethod: 'noChoice' });
  expect(trailQueryOf({ from: '2026-11-24', to: '2026-11-23' }, 'UTC').faults).toEqual({ to: 'order' });
});
