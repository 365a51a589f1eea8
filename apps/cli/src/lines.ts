const LINE_FEED = 0x0a;
/** Longer than any line that Signet writes, in bytes: a file without line ends is not gathered as a whole. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/**
 * Lines of UTF-8, without their line feeds, which alone end a line: a text within a line may hold U+2028. What is no UTF-8 comes as
 * U+FFFD; a line that is too long comes cut.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Uint8Array[] = [];
  let length = 0;
  const take = (): string => {
    const line = Buffer.concat(held).toString('utf8');
    held = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      held.push(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    held.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MAXIMUM_BYTES) yield take();
  }
  if (length > 0) yield take();
}
