import { expect, test } from 'vitest';
import { harmlessTypeOf, imageTypeOf } from './harmless-type.ts';
import { pixel } from './testing/recipient-fixture.ts';

test.each([
  'text/html',
  'TEXT/HTML',
  'image/svg+xml',
  'application/xhtml+xml',
  'text/xml',
  'application/xml',
  'text/javascript',
  'application/ecmascript',
  'multipart/related',
  'application/x-shockwave-flash',
  'nonsense',
  'text/plain; charset="x"\r\nX-Evil: 1',
  '',
])('what a browser could run or misread goes out as bytes: %j', (type) => {
  expect(harmlessTypeOf(type)).toBe('application/octet-stream');
});

test.each([
  'application/pdf',
  'image/png',
  'text/plain',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'message/rfc822',
])('a file keeps a type that is only a file’s: %s', (type) => {
  expect(harmlessTypeOf(type)).toBe(type);
});

test('an image is known by its first bytes, and an SVG is none', () => {
  expect(imageTypeOf(pixel)).toBe('image/png');
  expect(imageTypeOf(Buffer.from('ffd8ffe0', 'hex'))).toBe('image/jpeg');
  expect(imageTypeOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeNull();
  expect(imageTypeOf(new Uint8Array())).toBeNull();
});
