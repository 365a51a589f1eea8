import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeLoopHeader, verifyLoopHeader } from './loop-header.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const other = createSecretKey(randomBytes(32));
const mark = { messageUid: '0190a6f0-0000-7000-8000-000000000001', recipientId: '0190a6f0-0000-7000-8000-000000000002' };

test('a loop header made with a key is recognised with that key, whatever keys stand beside it', () => {
  const value = makeLoopHeader(key, mark);
  expect(verifyLoopHeader([key], value)).toEqual(mark);
  expect(verifyLoopHeader([other, key], value)).toEqual(mark);
});

test('the form of the loop header is final', () => {
  expect(makeLoopHeader(key, mark)).toBe(
    'v=1; m=0190a6f0-0000-7000-8000-000000000001; r=0190a6f0-0000-7000-8000-000000000002; s=dAuq73zcI2Qz_2uJjUJRJ0W7XlyKGLRgyJ_a7DKpELQ',
  );
});

test('a folded loop header is still recognised', () => {
  expect(verifyLoopHeader([key], makeLoopHeader(key, mark).replaceAll('; ', ';\r\n\t'))).toEqual(mark);
});

test('a loop header signed by somebody else, changed in any character, or malformed proves nothing', () => {
  const value = makeLoopHeader(key, mark);
  expect(verifyLoopHeader([other], value)).toBeNull();
  expect(verifyLoopHeader([], value)).toBeNull();
  expect(verifyLoopHeader([key], value.replace('000000000001', '000000000003'))).toBeNull();
  expect(verifyLoopHeader([key], value.replace('000000000002', '000000000003'))).toBeNull();
  for (const bad of ['', 'v=1', value.slice(0, -1), `${value}x`, value.replace('v=1', 'v=2')])
    expect(verifyLoopHeader([key], bad)).toBeNull();
});

test('nothing but a UUID gets into a loop header, so no line break can', () => {
  expect(() => makeLoopHeader(key, { ...mark, messageUid: 'x\r\nBcc: a@b.example' })).toThrow(RangeError);
  expect(() => makeLoopHeader(key, { ...mark, recipientId: '' })).toThrow(RangeError);
});
