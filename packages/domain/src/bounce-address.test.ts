import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeBounceAddress, readBounceAddress } from './bounce-address.ts';
import { isMailAddress } from './mail-address.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const other = createSecretKey(randomBytes(32));
const recipientId = '0190a6f0-0000-7000-8000-000000000002';

test('the form of a bounce address is final, and fits where addresses are short', () => {
  const address = makeBounceAddress(key, recipientId, 'bounces.acme.example');
  expect(address).toBe('b-0190a6f0000070008000000000000002-cb350c24b65fbdae01896d40a74b@bounces.acme.example');
  expect(address.indexOf('@')).toBeLessThanOrEqual(64);
  expect(isMailAddress(address)).toBe(true);
});

test('it names its recipient again, in any case, with whatever keys stand beside the right one', () => {
  const address = makeBounceAddress(key, recipientId, 'bounces.acme.example');
  for (const written of [address, address.toUpperCase()])
    expect(readBounceAddress([other, key], written)).toEqual({ recipientId, domain: 'bounces.acme.example' });
});

test('one that somebody else signed, that was changed in any place, or that is another address names nobody', () => {
  const address = makeBounceAddress(key, recipientId, 'acme.example');
  expect(readBounceAddress([other], address)).toBeNull();
  expect(readBounceAddress([], address)).toBeNull();
  for (let at = 0; at < address.indexOf('@'); at += 1) {
    const changed = `${address.slice(0, at)}${address[at] === '1' ? '2' : '1'}${address.slice(at + 1)}`;
    expect(readBounceAddress([key], changed), changed).toBeNull();
  }
  for (const strange of ['', '@', 'alice@acme.example', `b-${randomUUID()}@acme.example`, `"${address}"@x`, `${address}x`.slice(1)])
    expect(readBounceAddress([key], strange)).toBeNull();
  expect(() => makeBounceAddress(key, 'x\r\ny', 'acme.example')).toThrow(RangeError);
});
