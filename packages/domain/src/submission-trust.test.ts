import { expect, test } from 'vitest';
import { certificateMark } from './submission-trust.ts';

test('a certificate is known by one host name or by its SHA-256 fingerprint, each in one spelling', () => {
  const hex = '0a'.repeat(32);
  const fingerprint = Array<string>(32).fill('0A').join(':');
  expect(
    ['Mail.Protection.Outlook.com', 'xn--mller-kva.example', hex, fingerprint, fingerprint.toLowerCase()].map(certificateMark),
  ).toEqual(['mail.protection.outlook.com', 'xn--mller-kva.example', fingerprint, fingerprint, fingerprint]);
});

test.each([
  '',
  'com',
  '*.outlook.com',
  'müller.example',
  '192.0.2.1',
  '-a.example',
  'a..example',
  'a.example.',
  '0a'.repeat(20),
  `${'a.'.repeat(127)}example`,
])('neither a host name nor a SHA-256 fingerprint: %j', (text) => {
  expect(certificateMark(text)).toBeNull();
});
