import { expect, test } from 'vitest';
import { hashOfSecret, hintOf, isApiKeySecret, isSameSecret, newApiKeySecret, newToken } from './secret.ts';

test('a new token has 256 bits of a secure random source, and is no other', () => {
  const tokens = Array.from({ length: 1000 }, newToken);
  expect(new Set(tokens).size).toBe(1000);
  expect(tokens.every((token) => Buffer.from(token, 'base64url').length === 32)).toBe(true);
  // Each bit is set in about half of them: of a thousand, fewer than 400 or more than 600 is once in a billion.
  const ones = Array.from({ length: 256 }, (_, bit) => tokens.filter((token) => hasBit(Buffer.from(token, 'base64url'), bit)).length);
  expect(Math.min(...ones)).toBeGreaterThan(400);
  expect(Math.max(...ones)).toBeLessThan(600);
});

test('an API key is known as one, and its hint is far too little to use it', () => {
  const secret = newApiKeySecret();
  expect([isApiKeySecret(secret), isApiKeySecret(newToken())]).toEqual([true, false]);
  expect(hintOf(secret)).toBe(`${secret.slice(0, 9)}…`);
  expect(Buffer.from(secret.slice(3), 'base64url')).toHaveLength(32);
});

test('secrets are the same only when every character is, whatever their lengths', () => {
  expect([isSameSecret('a', 'a'), isSameSecret('a', 'b'), isSameSecret('a', 'aa'), isSameSecret('', 'a')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(hashOfSecret('a')).toHaveLength(32);
});

function hasBit(bytes: Buffer, bit: number): boolean {
  return ((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}
