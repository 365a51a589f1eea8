const LINE_FEED = 0x0a;
/** Longer than any line that Signet writes, in bytes: a file without line ends is not gathered as a whole. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/**
 * Lines of UTF-8, without their line feeds, which alone end a line: a text within a line may hold U+2028. What is no UTF-8 comes as
 * U+FFFD; a line that is too long comes cut. Those that end in one chunk come together: of millions, each wait costs as much as a line does.
 */
export async function* linesByChunk(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let held: Uint8Array[] = [];
  let length = 0;
  const take = (): string => {
    const line = Buffer.concat(held).toString('utf8');
    held = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      if (held.length === 0) lines.push(bytes.toString('utf8', start, end));
      else {
        held.push(bytes.subarray(start, end));
        lines.push(take());
      }
      start = end + 1;
    }
    if (start < bytes.length) held.push(bytes.subarray(start));
    length += bytes.length - start;
    if (length > MAXIMUM_BYTES) lines.push(take());
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}
