import { expect, test } from 'vitest';
import { dayStart, minuteStart } from './day-start.ts';

test.each([
  ['2026-11-24', 'UTC', 0, '2026-11-24T00:00:00.000Z'],
  ['2026-11-24', 'Europe/Zurich', 0, '2026-11-23T23:00:00.000Z'],
  ['2026-11-24', 'Europe/Zurich', 1, '2026-11-24T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Zurich', 1, '2026-03-29T22:00:00.000Z'],
  ['2026-11-24', 'Pacific/Kiritimati', 0, '2026-11-23T10:00:00.000Z'],
  ['2026-11-24', 'Pacific/Pago_Pago', 0, '2026-11-24T11:00:00.000Z'],
])('%s in %s begins, %i days later, at %s', (text, zone, later, start) => {
  expect(dayStart(text, zone, later)).toBe(start);
});

test.each(['', 'yesterday', '2026-02-30', '2026-13-01', '26-1-1'])('"%s" is no day', (text) => {
  expect(dayStart(text, 'UTC')).toBeNull();
});

test.each([
  ['2026-11-24', '10:30', 'UTC', 0, '2026-11-24T10:30:00.000Z'],
  ['2026-11-24', '10:30', 'Europe/Zurich', 0, '2026-11-24T09:30:00.000Z'],
  ['2026-11-24', '23:59', 'Europe/Zurich', 1, '2026-11-24T23:00:00.000Z'],
  // The clock is put forward from two to three, and back from three to two.
  ['2026-03-29', '02:30', 'Europe/Zurich', 0, '2026-03-29T01:30:00.000Z'],
  ['2026-10-25', '02:30', 'Europe/Zurich', 0, '2026-10-25T00:30:00.000Z'],
  ['2026-10-25', '02:59', 'Europe/Zurich', 1, '2026-10-25T02:00:00.000Z'],
  ['2026-03-29', '02:30', 'Europe/Zurich', 1, '2026-03-29T01:31:00.000Z'],
])('%s %s in %s begins, %i minutes later, at %s', (date, time, zone, later, start) => {
  expect(minuteStart(date, time, zone, later)).toBe(start);
});

test.each([
  ['2026-02-30', '10:30'],
  ['2026-11-24', '24:00'],
  ['2026-11-24', '10:60'],
  ['2026-11-24', 'noon'],
  ['', '10:30'],
])('"%s", "%s" is no minute', (date, time) => {
  expect(minuteStart(date, time, 'UTC')).toBeNull();
});
