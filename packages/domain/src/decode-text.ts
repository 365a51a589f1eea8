/** What a text from elsewhere may be written in. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';
type Decoder = InstanceType<typeof TextDecoder>;

/** Bytes are no text in the encoding that they should have. The message says so of the file that they come from, and what mends it. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

/**
 * The text that bytes are: UTF-16 where its byte order mark says so, as Windows PowerShell writes it, and UTF-8 otherwise; without the mark.
 * @throws {EncodingError} where they are not. A character that stands for what was not understood would be taken for one of the file's own.
 */
export function decodeText(bytes: Uint8Array): string {
  return decoded(decoderOf(bytes), bytes, { stream: false });
}

/** The same of a file in slices that are cut anywhere, as they come: no more than one is held. */
export async function* decodeSlices(file: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let begin: Uint8Array = new Uint8Array();
  let decoder: Decoder | null = null;
  for await (const slice of file) {
    if (decoder !== null) {
      yield decoded(decoder, slice, { stream: true });
      continue;
    }
    // A mark may be cut too.
    begin = begin.length === 0 ? slice : joined(begin, slice);
    if (begin.length < 2) continue;
    decoder = decoderOf(begin);
    yield decoded(decoder, begin, { stream: true });
  }
  // The last character may lack its end.
  yield decoder === null ? decodeText(begin) : decoded(decoder, new Uint8Array(), { stream: false });
}

function decoderOf([first, second]: Uint8Array): Decoder {
  const encoding: Encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

function decoded(decoder: Decoder, bytes: Uint8Array, { stream }: { readonly stream: boolean }): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    const fault =
      decoder.encoding === 'utf-8'
        ? 'is not UTF-8 throughout, and has no byte order mark of UTF-16'
        : 'is not UTF-16 throughout, which its byte order mark says that it is';
    throw new EncodingError(`${fault}: save or export it as UTF-8`, { cause });
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
