import { expect, test } from 'vitest';
import { recordFiltersOf, recordQueryOf, recordsPath } from './record-filters.ts';

test('an address is read into filters and written back', () => {
  const filters = recordFiltersOf({ action: 'MessageRevoke', actor: ' admin@acme.example ', target: '', status: 'Failure', other: 'x' });
  expect(filters).toEqual({ action: 'MessageRevoke', actor: 'admin@acme.example', status: 'Failure' });
  expect(recordsPath(filters, 'abc')).toBe('/admin/records?action=MessageRevoke&actor=admin%40acme.example&status=Failure&cursor=abc');
});

test('both days count whole, in the member’s zone', () => {
  const { query, faults } = recordQueryOf({ from: '2026-11-24', to: '2026-11-24', action: 'MemberSignIn' }, 'Europe/Zurich');
  expect([query, faults]).toEqual([{ from: '2026-11-23T23:00:00.000Z', to: '2026-11-24T23:00:00.000Z', action: ['MemberSignIn'] }, {}]);
});

test('what is wrong is named at its field', () => {
  expect(recordQueryOf({ from: '24.11.2026', action: 'Nothing' }, 'UTC').faults).toEqual({ from: 'noDay', action: 'noAction' });
  expect(recordQueryOf({ from: '2026-11-24', to: '2026-11-23' }, 'UTC').faults).toEqual({ to: 'order' });
});
