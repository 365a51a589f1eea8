import { expect, test, vi } from 'vitest';
import { boxTextOf, instantOfBox } from './expiry-moment.ts';

test('a box shows an instant in the zone of whoever looks, and gives it back to the second, on both sides of a change of clocks', () => {
  vi.stubEnv('TZ', 'Europe/Zurich');
  for (const [instant, text] of [
    ['2027-03-28T00:59:59.000Z', '2027-03-28T01:59:59'],
    ['2027-03-28T01:00:00.000Z', '2027-03-28T03:00:00'],
    ['2027-07-01T10:00:00.000Z', '2027-07-01T12:00:00'],
    ['2027-12-01T10:00:05.000Z', '2027-12-01T11:00:05'],
  ] as const) {
    expect(boxTextOf(instant)).toBe(text);
    expect(instantOfBox(text)).toBe(instant);
  }
  vi.stubEnv('TZ', 'America/New_York');
  expect(boxTextOf('2027-07-01T10:00:00.000Z')).toBe('2027-07-01T06:00:00');
});

test('a box without seconds is taken, and what is no time is none', () => {
  vi.stubEnv('TZ', 'UTC');
  expect(instantOfBox('2027-07-01T12:00')).toBe('2027-07-01T12:00:00.000Z');
  for (const text of ['', '2027-07-01', '2027-13-01T12:00', 'tomorrow']) expect(instantOfBox(text)).toBeNull();
});
