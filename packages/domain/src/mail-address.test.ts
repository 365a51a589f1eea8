import { expect, test } from 'vitest';
import { isMailAddress } from './mail-address.ts';

test.each([
  'bob@example.net',
  'b@example',
  `b.o+b-{|}~!#$%&'*/=?^_\`@example.net`,
  '"bob.eve"@example.net',
  String.raw`"a\"b\\c"@example.net`,
  '"a@b,c"@example.net',
  'bob@[192.0.2.7]',
  'bob@[IPv6:2001:db8::7]',
  'bob@xn--bcher-kva.example',
  'bob@bücher.example',
  'ünï@bücher.example',
  'bob@1.example',
  `${'b'.repeat(242)}@example.net`,
])('%s is one address', (text) => {
  expect(isMailAddress(text)).toBe(true);
});

test.each([
  '',
  'bob',
  '@example.net',
  'bob@',
  'bob,eve@example.net',
  'bob@example.net,eve@example.net',
  'bob;eve@example.net',
  '(bob)eve@example.net',
  'bob(eve)@example.net',
  'Bob <bob@example.net>',
  '<bob@example.net>',
  'bob@eve@example.net',
  'bob eve@example.net',
  '"bob eve"@example.net',
  '"a"b"@example.net',
  String.raw`"a\"@example.net`,
  '""@example.net',
  String.raw`bob\eve@example.net`,
  '.bob@example.net',
  'bob.@example.net',
  'b..b@example.net',
  'bob\0@example.net',
  'bob\r\n@example.net',
  'bob\u202e@example.net',
  'bob\u00a0@example.net',
  '\ud800@example.net',
  'bob@example..net',
  'bob@.example',
  'bob@example.net.',
  'bob@-a.example',
  'bob@a-.example',
  'bob@a_b.example',
  'bob@exa mple.net',
  'bob@example.net/x',
  'bob@example.net#x',
  'bob@127.1',
  'bob@0x7f',
  'bob@[localhost]',
  `bob@${'a'.repeat(64)}.example`,
  `${'b'.repeat(243)}@example.net`,
  `${'ü'.repeat(122)}@example.net`,
])('%j is none', (text) => {
  expect(isMailAddress(text)).toBe(false);
});

test('a text of any length is judged at once', () => {
  const started = performance.now();
  for (const text of [`${'a.'.repeat(500_000)}@b`, `"${'\\'.repeat(1_000_000)}"@b`, `a@${'a-'.repeat(500_000)}`, `a@${'é.'.repeat(120)}é`])
    isMailAddress(text);
  expect(performance.now() - started).toBeLessThan(2_000);
});
