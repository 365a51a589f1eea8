import { expect, test } from 'vitest';
import { draftOf, policyOf } from './policy-draft.ts';

const typed = (days: string) =>
  policyOf({ all: { forever: false, days }, exceptions: [{ operation: 'LinkTouch', forever: false, days: '6' }] });

test('what is shown of a policy means the same policy', () => {
  for (const policy of [
    { days: null, operations: {} },
    { days: 365, operations: { LinkTouch: 30, MessageRevoke: null } },
    { days: null, operations: { LinkTouch: 7 } },
  ] as const)
    expect(policyOf(draftOf(policy))).toEqual({ policy });
});

test('days that are none, or fewer than seven, are found wherever they stand; where something is kept for ever they do not count', () => {
  for (const days of ['', 'x', '-7', '6', '36501', '7.5', '1e3']) expect(typed(days), days).toEqual({ faults: ['all', 'LinkTouch'] });
  expect(typed(' 7 ')).toEqual({ faults: ['LinkTouch'] });
  expect(policyOf({ all: { forever: true, days: 'x' }, exceptions: [] })).toEqual({ policy: { days: null, operations: {} } });
});
