import { expect, test } from 'vitest';
import { passcodeIn } from './passcode-in.ts';

test.each(['12345678', ' 1234 5678\n', '1234-5678', '12–34–56–78', '1234 5678'])('%j is a passcode, however it was typed', (text) => {
  expect(passcodeIn(text)).toBe('12345678');
});

test.each(['', '1234567', '123456789', '1234567a', 'passcode', '1234.5678'])('%j is no passcode, and costs no try', (text) => {
  expect(passcodeIn(text)).toBeNull();
});
