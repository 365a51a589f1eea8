/** Header blocks larger than this are not read as headers: the message is offered as the original only. Bytes. */
export const HEADER_BLOCK_CAP = 1024 * 1024;

/** One header field as it came in. */
export interface HeaderField {
  /** Lower-case name; empty for a line without a colon, which is no field but stays in the message. */
  readonly name: string;
  /** The name as written. */
  readonly writtenName: string;
  /** Unfolded value: line breaks gone, white space kept but for the leading one, bytes read as UTF-8. Encoded words are not decoded. */
  readonly value: string;
  /** The bytes of the field, folded lines and line ends included. */
  readonly raw: Buffer;
}

const CR = 0x0d;
const LF = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;

/**
 * Finds the end of the header block: the offset after the empty line (RFC 5322, 2.1), line ends CRLF or LF.
 * Looks from `from` on, which must be an offset up to which there was none. Answers -1 when the empty line has not come yet.
 */
export function headerBlockEnd(bytes: Buffer, from = 0): number {
  let line = from === 0 ? 0 : bytes.lastIndexOf(LF, from - 1) + 1;
  while (line < bytes.length) {
    if (bytes[line] === LF) return line + 1;
    if (bytes[line] === CR && bytes[line + 1] === LF) return line + 2;
    const end = bytes.indexOf(LF, line);
    if (end === -1) return -1;
    line = end + 1;
  }
  return -1;
}

function readField(raw: Buffer): HeaderField {
  const text = raw.toString('utf8').replace(/\r?\n/g, '');
  const match = /^([!-9;-~]+)[ \t]*:[ \t]*/.exec(text);
  if (match?.[1] === undefined) return { name: '', writtenName: '', value: text, raw };
  return { name: match[1].toLowerCase(), writtenName: match[1], value: text.slice(match[0].length), raw };
}

/** Takes a header block (with or without its empty line) apart into fields, in their order. Joining every `raw` gives the block back, less the empty line. */
export function headerFields(block: Buffer): HeaderField[] {
  const fields: HeaderField[] = [];
  let start = 0;
  while (start < block.length) {
    if (block[start] === LF || (block[start] === CR && block[start + 1] === LF)) break;
    let end = start;
    do {
      const lineEnd = block.indexOf(LF, end);
      end = lineEnd === -1 ? block.length : lineEnd + 1;
    } while (end < block.length && (block[end] === SPACE || block[end] === TAB));
    fields.push(readField(block.subarray(start, end)));
    start = end;
  }
  return fields;
}

/** Field names that RFC 5322 (3.6) and RFC 2045 allow once. Where a message repeats one, the first counts, here and for the parser. */
const ONCE = new Set([
  'subject',
  'from',
  'sender',
  'reply-to',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'to',
  'cc',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
]);

/** The fields without the repetitions of those that may occur once, so that every reader downstream sees the same one. */
export function withoutRepetitions(fields: readonly HeaderField[]): HeaderField[] {
  const seen = new Set<string>();
  return fields.filter(({ name }) => {
    if (!ONCE.has(name)) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** The value of the first field of that lower-case name, or null where there is none. */
export function firstValue(fields: readonly HeaderField[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}
