import { expect, test } from 'vitest';
import { askedRange } from './byte-range.ts';

const etag = '"abc"';

test.each([
  ['no header: everything', undefined, undefined, 100, 'whole'],
  ['a first and a last byte', 'bytes=0-9', undefined, 100, { start: 0, end: 10 }],
  ['an open end', 'bytes=90-', undefined, 100, { start: 90, end: 100 }],
  ['a last byte beyond the end is the end', 'bytes=90-900', undefined, 100, { start: 90, end: 100 }],
  ['a suffix', 'bytes=-10', undefined, 100, { start: 90, end: 100 }],
  ['a suffix longer than the file is the file', 'bytes=-1000', undefined, 100, { start: 0, end: 100 }],
  ['a range after the end cannot be had', 'bytes=100-', undefined, 100, 'unsatisfiable'],
  ['an empty suffix cannot be had', 'bytes=-0', undefined, 100, 'unsatisfiable'],
  ['an empty file has no ranges', 'bytes=0-', undefined, 0, 'unsatisfiable'],
  ['a range backwards is malformed, hence ignored', 'bytes=9-0', undefined, 100, 'whole'],
  ['several ranges are ignored', 'bytes=0-1,5-6', undefined, 100, 'whole'],
  ['another unit is ignored', 'lines=0-1', undefined, 100, 'whole'],
  ['nonsense is ignored', 'bytes=a-b', undefined, 100, 'whole'],
  ['nothing on both sides is ignored', 'bytes=-', undefined, 100, 'whole'],
  ['the same file by If-Range', 'bytes=0-9', '"abc"', 100, { start: 0, end: 10 }],
  ['another file by If-Range: everything', 'bytes=0-9', '"abd"', 100, 'whole'],
  ['a weak tag never matches', 'bytes=0-9', 'W/"abc"', 100, 'whole'],
  ['a date never matches', 'bytes=0-9', 'Sun, 22 Nov 2026 10:00:00 GMT', 100, 'whole'],
] as const)('%s', (_, range, ifRange, size, expected) => {
  expect(askedRange(range, ifRange, etag, size)).toEqual(expected);
});
