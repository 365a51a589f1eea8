import { expect, test } from 'vitest';
import type { AccessState } from '@signet/domain/message-state';
import { accessSummaryOf, deliverySummaryOf } from './state-summary.ts';

const withStates = (states: readonly (AccessState | null)[], recipientCount = states.length) => ({
  revoked: false,
  recipients: states.map((accessState, index) => ({
    id: `0192f7a0-0000-7000-8000-00000000000${index}`,
    address: `r${index}@example.net`,
    deliveryState: 'sent' as const,
    accessState,
  })),
  recipientCount,
});

test.each([
  [['unopened', 'unopened'], 'unopened'],
  [['unopened', 'opened'], 'opened'],
  [['opened', 'revoked'], 'partlyRevoked'],
  [['expired', 'expired'], 'expired'],
  [['unrecorded'], 'unrecorded'],
] satisfies [AccessState[], string][])('a message whose recipients are %j is listed as %s', (states, state) => {
  expect(accessSummaryOf(withStates(states))?.state).toBe(state);
});

test('a message of which nothing was recorded is never listed as unopened', () => {
  expect(accessSummaryOf(withStates(['unrecorded', 'unrecorded']))?.state).toBe('unrecorded');
});

test('nothing is said of who read where it was not told', () => {
  expect(accessSummaryOf(withStates([null, null]))).toBeNull();
});

test('a revoked message is listed as revoked, even if one recipient could not be reached', () => {
  expect(accessSummaryOf({ ...withStates(['revoked', 'unrecorded']), revoked: true })?.state).toBe('revoked');
});

test('one bounce shows among many that went out', () => {
  const { recipients } = withStates(['unopened', 'unopened', 'unopened']);
  const [first, ...rest] = recipients.map((recipient, index) => ({
    ...recipient,
    deliveryState: index === 0 ? ('bounced' as const) : ('sent' as const),
  }));
  expect(deliverySummaryOf({ recipients: first ? [...rest, first] : rest, recipientCount: 3 })).toMatchObject({
    state: 'bounced',
    count: 1,
    of: 3,
  });
});
