import { expect, test } from 'vitest';
import { dayStart } from './day-start.ts';

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
