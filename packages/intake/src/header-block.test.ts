import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstValue, headerBlockEnd, headerFields, withoutRepetitions } from './header-block.ts';

const fieldsOf = (text: string) => headerFields(Buffer.from(text)).map(({ name, value }) => [name, value]);

test('folded fields are one field, with their white space kept and their line breaks gone', () => {
  expect(fieldsOf('Subject: a\r\n\tb\r\n c\r\nTo : x@y.example\n\r\nbody: no')).toEqual([
    ['subject', 'a\tb c'],
    ['to', 'x@y.example'],
  ]);
});

test('a line without a colon is kept as no field', () => {
  expect(fieldsOf('From someone@example.net\r\nSubject: x\r\n')).toEqual([
    ['', 'From someone@example.net'],
    ['subject', 'x'],
  ]);
});

test('joining the raw fields gives the header block back, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', ':', ' ', '\t', '\r\n', '\n', '\r', 'Subject: x')), (pieces) => {
      const block = Buffer.from(pieces.join(''));
      const end = headerBlockEnd(block);
      const header = end === -1 ? block : block.subarray(0, end);
      const joined = Buffer.concat(headerFields(header).map((field) => field.raw));
      expect(header.subarray(0, joined.length).equals(joined)).toBe(true);
      expect(header.subarray(joined.length).toString()).toMatch(/^(?:\r?\n)?$/);
    }),
  );
});

test('the end of the header block is found the same in one piece and byte by byte', () => {
  for (const text of ['A: b\r\n\r\nbody', 'A: b\n\nbody', '\r\nbody', 'A: b\r\n c\r\n\r\n', 'A: b\r\n', '']) {
    const bytes = Buffer.from(text);
    let found = -1;
    let from = 0;
    for (let length = 1; length <= bytes.length && found === -1; length += 1) {
      found = headerBlockEnd(bytes.subarray(0, length), from);
      from = length - 1;
    }
    expect(found).toBe(headerBlockEnd(bytes));
  }
});

test('of fields that may occur once the first counts, and others keep their repetitions', () => {
  const fields = withoutRepetitions(headerFields(Buffer.from('Subject: a\r\nReceived: 1\r\nsubject: b\r\nReceived: 2\r\n')));
  expect(fields.map((field) => field.value)).toEqual(['a', '1', '2']);
  expect(firstValue(fields, 'subject')).toBe('a');
  expect(firstValue(fields, 'cc')).toBeNull();
});
