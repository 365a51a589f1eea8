import { expect, test } from 'vitest';
import { decodeSlices, decodeText, EncodingError } from './decode-text.ts';

const text = 'Zürich → 東京 🗝\r\nline 2\n';

/** Bytes of a text in UTF-16, with its mark. */
function utf16(content: string, order: 'le' | 'be'): Uint8Array {
  const bytes = Buffer.from(`\u{feff}${content}`, 'utf16le');
  return order === 'be' ? bytes.swap16() : bytes;
}

/** What slices of so many bytes give, as they come. */
async function decodedBy(bytes: Uint8Array, size: number): Promise<string[]> {
  async function* slices() {
    for (let start = 0; start < bytes.length; start += size) yield Promise.resolve(bytes.subarray(start, start + size));
  }
  const texts: string[] = [];
  for await (const one of decodeSlices(slices())) texts.push(one);
  return texts;
}

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with its mark', Buffer.from(`\u{feff}${text}`)],
  ['UTF-16LE with its mark', utf16(text, 'le')],
  ['UTF-16BE with its mark', utf16(text, 'be')],
])('%s is read without its mark, whole and in slices that are cut anywhere', async (_, bytes) => {
  expect(decodeText(bytes)).toBe(text);
  for (let size = 1; size <= bytes.length; size += 1) expect([size, (await decodedBy(bytes, size)).join('')]).toEqual([size, text]);
});

test('nothing is an empty text, and what is shorter than a mark is what it says', async () => {
  for (const content of ['', 'x', 'é']) {
    const bytes = Buffer.from(content);
    expect(decodeText(bytes)).toBe(content);
    expect((await decodedBy(bytes, 1)).join('')).toBe(content);
  }
  expect((await decodedBy(utf16('', 'le'), 1)).join('')).toBe('');
});

test('a character that is there to say that one was lost stays', () => {
  expect(decodeText(Buffer.from('lost: \u{fffd}'))).toBe('lost: \u{fffd}');
});

test.each([
  ['a byte of Latin-1', Buffer.from('line 1\nZürich\n', 'latin1'), /^is not UTF-8 throughout, .* save or export it as UTF-8$/],
  ['a character that is cut off at the end', Buffer.from('Z\u{fc}').subarray(0, 2), /^is not UTF-8 throughout/],
  ['a byte alone that is none', Buffer.from([0xff]), /^is not UTF-8 throughout/],
  ['half a character of UTF-16LE', utf16('x', 'le').subarray(0, 3), /^is not UTF-16 throughout, .* save or export it as UTF-8$/],
  ['a surrogate of UTF-16BE alone', Buffer.concat([utf16('x', 'be'), Buffer.from([0xd8, 0x3d, 0, 0x78])]), /^is not UTF-16 throughout/],
  ['UTF-8 behind the mark of UTF-16LE', Buffer.concat([utf16('', 'le'), Buffer.from('abc')]), /^is not UTF-16 throughout/],
])('%s is refused with what mends it, and nothing is replaced', async (_, bytes, message) => {
  expect(() => decodeText(bytes)).toThrow(EncodingError);
  expect(() => decodeText(bytes)).toThrow(message);
  for (let size = 1; size <= bytes.length; size += 1) await expect(decodedBy(bytes, size)).rejects.toThrow(message);
});

test('what stands before a damaged slice is read, and nothing behind it', async () => {
  const texts: string[] = [];
  const read = async () => {
    for await (const one of decodeSlices([Buffer.from('good\n'), Buffer.from('Zürich\n', 'latin1'), Buffer.from('more\n')]))
      texts.push(one);
  };
  await expect(read()).rejects.toThrow(EncodingError);
  expect(texts).toEqual(['good\n']);
});
