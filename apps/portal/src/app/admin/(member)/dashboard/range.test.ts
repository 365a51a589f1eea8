import { expect, test } from 'vitest';
import { questionOf, rangeNameOf } from './range.ts';

const now = new Date('2026-11-24T09:30:00Z');

test('a range of days begins with a whole day of the zone and ends now', () => {
  expect(questionOf('7d', 'Europe/Zurich', now)).toEqual({
    from: '2026-11-17T23:00:00.000Z',
    to: '2026-11-24T09:30:00.000Z',
    interval: 'day',
    zone: 'Europe/Zurich',
  });
});

test('24 hours are the present one and the 23 before it', () => {
  expect(questionOf('24h', 'UTC', now).from).toBe('2026-11-23T10:00:00.000Z');
});

test('an unknown range is the preset one', () => {
  expect([rangeNameOf('90d'), rangeNameOf('1y'), rangeNameOf(undefined)]).toEqual(['90d', '7d', '7d']);
});
