import type { CountedInterval } from '@signet/api-contract/statistics';
import { expect, test } from 'vitest';
import { activitySeries, signInSeries, tellingSeries, totalOf, unrecordedRuns } from './series.ts';

const interval = (day: number, change: Partial<CountedInterval> = {}): CountedInterval => ({
  from: `2026-11-0${day}T00:00:00.000Z`,
  to: `2026-11-0${day + 1}T00:00:00.000Z`,
  recorded: 'whole',
  sent: 1,
  neverTracked: 0,
  deliveries: { accepted: 0, sent: 1, deferred: 0, bounced: 0, passed: 0 },
  revoked: 0,
  opened: 2,
  refused: 0,
  signIns: { OTP: 1, Google: 0, Microsoft: 0, Yahoo: 0, Passkey: 0 },
  ...change,
});
const unrecorded = { recorded: 'none', opened: null, refused: null, signIns: null } as const;

test('a total is of what was recorded, and none where nothing was', () => {
  const [, opened] = activitySeries;
  expect(totalOf(opened, [interval(1), interval(2, unrecorded), interval(3)])).toBe(4);
  expect(totalOf(opened, [interval(1, unrecorded)])).toBeNull();
});

test('methods that nobody used are left out, unless nobody signed in at all', () => {
  expect(tellingSeries(signInSeries, [interval(1)]).map(({ name }) => name)).toEqual(['OTP']);
  expect(tellingSeries(signInSeries, [interval(1, unrecorded)])).toHaveLength(1);
});

test('neighbouring intervals that were not recorded are one run', () => {
  const intervals = [interval(1, unrecorded), interval(2, { recorded: 'partly' }), interval(3), interval(4, unrecorded)];
  expect(unrecordedRuns(intervals).map(({ first, last }) => [first.slice(8, 10), last.slice(8, 10)])).toEqual([
    ['01', '02'],
    ['04', '04'],
  ]);
});
