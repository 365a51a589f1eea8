import { expect, test } from 'vitest';
import { freeAtOnce, freeWithLast } from './free-at-once.ts';

test('memory that nobody else knows is given back, with the last of its pieces', () => {
  const whole = new Uint8Array(8192);
  freeAtOnce(whole);
  expect(whole.buffer.detached).toBe(true);
  const cut = new ArrayBuffer(8192);
  freeWithLast(new Uint8Array(cut, 0, 4096));
  expect(cut.detached).toBe(false);
  freeWithLast(new Uint8Array(cut, 4096));
  expect(cut.detached).toBe(true);
});

test('a piece that ends where Node’s pool of small buffers ends stays, and so does what shares the pool with it', () => {
  const pieces = Array.from({ length: 40_000 }, () => Buffer.allocUnsafe(8).fill('x'));
  const last = pieces.filter(({ buffer, byteOffset, byteLength }) => byteOffset + byteLength === buffer.byteLength);
  expect(last.length).toBeGreaterThan(0);
  for (const piece of last) freeWithLast(piece);
  expect(pieces.filter((piece) => piece.toString() !== 'xxxxxxxx')).toEqual([]);
});
