import { expect, test } from 'vitest';
import { newRecoveryCodes } from './recovery-codes.ts';

test('recovery codes are ten at a time, of 28 letters that come equally often, and none comes twice', () => {
  const sets = Array.from({ length: 100 }, newRecoveryCodes);
  expect(sets.every((codes) => codes.length === 10)).toBe(true);
  const codes = sets.flat();
  expect(new Set(codes).size).toBe(1000);
  const letters = codes.map((code) => code.replaceAll('-', ''));
  expect(letters.every((code) => /^[2-9A-HJ-NP-Z]{28}$/.test(code))).toBe(true);
  // Each of the 32 letters comes about 875 times: fewer than 675 or more than 1,075 is less than once in a hundred million times.
  const counts = new Map<string, number>();
  for (const letter of letters.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(32);
  expect(Math.min(...counts.values())).toBeGreaterThan(675);
  expect(Math.max(...counts.values())).toBeLessThan(1075);
});
