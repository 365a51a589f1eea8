import { expect, test } from 'vitest';
import { resendRefusalOf } from './wrapper-resend.ts';

const now = new Date('2026-11-27T10:00:00Z');
const open = { revokedAt: null, expiresAt: null, erasedAt: null, unwrapped: false };

test('a mail goes out again exactly where its link opens the message', () => {
  expect(resendRefusalOf(open, now)).toBeNull();
  expect(resendRefusalOf({ ...open, expiresAt: new Date(now.getTime() + 1) }, now)).toBeNull();
  expect(resendRefusalOf({ ...open, expiresAt: now }, now)).toBe('expired');
  expect(resendRefusalOf({ ...open, revokedAt: now }, now)).toBe('revoked');
  expect(resendRefusalOf({ ...open, erasedAt: now, revokedAt: now }, now)).toBe('erased');
});

test('whoever got the message as it came has no link to be sent again', () => {
  expect(resendRefusalOf({ ...open, unwrapped: true }, now)).toBe('unwrapped');
});
