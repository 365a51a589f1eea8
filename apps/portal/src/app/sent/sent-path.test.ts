import { expect, test } from 'vitest';
import { nextPathOf, SENT_PAGE, sentPath, signInPathFor } from './sent-path.ts';

test('after sign-in a sender gets the page that a notice led to', () => {
  const wanted = sentPath('0192f7a0-0000-7000-8000-000000000001');
  expect(nextPathOf(new URL(signInPathFor(wanted), 'http://x').searchParams.get('next'))).toBe(wanted);
});

test('after sign-in a sender gets the search that was under way', () => {
  expect(nextPathOf('/sent?q=figures&show=opened')).toBe('/sent?q=figures&show=opened');
});

test.each([
  undefined,
  null,
  '',
  ['/sent/messages/x'],
  'https://evil.example/sent/messages/x',
  '//evil.example/sent/x',
  String.raw`/\evil.example/sent/x`,
  '/sent/../admin/messages',
  '/sentx',
  '/admin/messages',
  'http://[',
])('sign-in leads to no place but the senders’ pages: %s', (wanted) => {
  expect(nextPathOf(wanted)).toBe(SENT_PAGE);
});
