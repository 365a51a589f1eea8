import { expect, test } from 'vitest';
import { sizeText } from './size-text.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [1450, '1.5 kB'],
  [48_213, '48 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [2_940_000, '2.9 MB'],
  [25_000_000_000, '25 GB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(sizeText(bytes, 'en')).toBe(text);
});
