import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRecords } from './read-records.ts';

/** So many records that they are read in several slices and sent in several pieces. */
const lines = Array.from({ length: 90_000 }, (_, index) => `{"Id":${index},"Subject":"Grüße → 東京 🗝"}\r\n`);
const text = lines.join('');
const utf16 = (content: string) => Buffer.from(`\u{feff}${content}`, 'utf16le');

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with its mark', Buffer.from(`\u{feff}${text}`)],
  ['UTF-16LE with its mark', utf16(text)],
  ['UTF-16BE with its mark', utf16(text).swap16()],
])('a file in %s is cut into pieces of its text, each of which knows its line', async (_, bytes) => {
  const pieces = await readRecords(new Blob([bytes]));
  if (typeof pieces === 'string') throw new Error(pieces);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.map(({ text: piece }) => piece).join('') === text).toBe(true);
  let line = 0;
  for (const piece of pieces) {
    expect(piece.lineOffset).toBe(line);
    line += piece.text.split('\n').length - 1;
  }
});

test('a byte that is none of UTF-8 is told, behind the first piece too, and so is half a character of UTF-16', async () => {
  for (const bytes of [
    Buffer.from('{"Subject":"Grüße"}\n', 'latin1'),
    Buffer.concat([Buffer.from(text), Buffer.from('{"Subject":"Grüße"}\n', 'latin1'), Buffer.from(text)]),
    utf16(text).subarray(0, -1),
  ])
    expect(await readRecords(new Blob([bytes]))).toBe('wrongEncoding');
});

test('a file that was changed since it was chosen cannot be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-records-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'records.json');
  writeFileSync(path, '{"a":1}\n');
  const file = await openAsBlob(path);
  writeFileSync(path, '{"a":1}\n{"b":2}\n');
  expect(await readRecords(file)).toBe('unreadable');
});
