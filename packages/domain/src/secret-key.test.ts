import { describe, expect, test } from 'vitest';
import { secretKey } from './secret-key.ts';

const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));

describe('secretKey', () => {
  test('reads base64url, padded or not, as the 32 bytes that it stands for', () => {
    const text = bytes.toString('base64url');
    expect(secretKey.parse(text)).toEqual(bytes);
    expect(secretKey.parse(`${text}=`)).toEqual(bytes);
  });

  test.each([
    ['text', 'fedcba9876543210fedcba9876543210'],
    ['hexadecimal', bytes.toString('hex')],
    ['ordinary base64', Buffer.alloc(32, 255).toString('base64')],
    ['31 bytes', bytes.subarray(1).toString('base64url')],
    ['33 bytes', Buffer.alloc(33, bytes).toString('base64url')],
    ['nothing', ''],
  ])('refuses %s, and does not repeat it', (_, text) => {
    const { error } = secretKey.safeParse(text);
    expect(error?.issues).toMatchObject([{ message: 'must be 32 bytes in base64url' }]);
  });

  test('refuses a pattern that was left standing in the place of a key', () => {
    expect(() => secretKey.parse('A'.repeat(43))).toThrow('looks like a placeholder');
  });
});
