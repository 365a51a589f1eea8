import { expect, test } from 'vitest';
import { FIRST_PAGE, nextPathOf, signInPathFor } from './next-path.ts';

test('after sign-in a member gets the page that was asked for, its search included', () => {
  const wanted = '/admin/messages/0192f7a0-0000-7000-8000-000000000001?q=a%26b';
  expect(nextPathOf(wanted)).toBe(wanted);
  expect(nextPathOf(new URL(signInPathFor(wanted), 'http://x').searchParams.get('next'))).toBe(wanted);
});

test.each([
  undefined,
  null,
  '',
  ['/admin/messages', '/admin/settings'],
  'https://evil.example/admin/messages',
  '//evil.example/admin/messages',
  String.raw`/\evil.example/admin/x`,
  'javascript:alert(1)',
  '/admin/../m/token',
  '/m/token',
  '/adminx',
  'http://[',
])('sign-in leads to no place but the members’ pages: %s', (wanted) => {
  expect(nextPathOf(wanted)).toBe(FIRST_PAGE);
});
