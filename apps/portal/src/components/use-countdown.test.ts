import { expect, test } from 'vitest';
import { clockText } from './use-countdown.ts';

test.each([
  [0, '0:00'],
  [23, '0:23'],
  [725, '12:05'],
  [3600, '1:00:00'],
])('%d seconds read as %s', (seconds, text) => {
  expect(clockText(seconds)).toBe(text);
});
