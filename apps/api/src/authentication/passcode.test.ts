import { expect, test } from 'vitest';
import { newPasscode } from './passcode.ts';

test('a passcode is eight digits, each of them as often as any other at every place', () => {
  const passcodes = Array.from({ length: 10_000 }, newPasscode);
  expect(passcodes.every((passcode) => /^\d{8}$/.test(passcode))).toBe(true);
  // Each digit stands at each place in about a thousand of them: fewer than 800 or more than 1,200 is less than once in a hundred million times.
  const counts = Array.from({ length: 80 }, (_, cell) => passcodes.filter((passcode) => passcode[cell % 8] === String(cell >> 3)).length);
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1200);
});
