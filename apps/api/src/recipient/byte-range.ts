/** Bytes of a file; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What a request's Range header asks of a file: all of it, a part, or something that it does not have. */
export type AskedRange = ByteRange | 'whole' | 'unsatisfiable';

/**
 * Reads a Range header (RFC 9110, 14.2). One range is served; a malformed header, another unit or several ranges are
 * ignored, as the RFC allows, so that the whole file is the answer.
 * @param ifRange the If-Range header: a part is sent only of the very file that the caller has the rest of.
 * @param etag the file's strong entity tag, quoted. Dates never match: none is sent.
 */
export function askedRange(range: string | undefined, ifRange: string | undefined, etag: string, size: number): AskedRange {
  if (ifRange !== undefined && ifRange.trim() !== etag) return 'whole';
  const [, first = '', last = ''] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(range ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') return Number(last) === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size };
  if (last !== '' && Number(last) < Number(first)) return 'whole';
  if (Number(first) >= size) return 'unsatisfiable';
  return { start: Number(first), end: last === '' ? size : Math.min(size, Number(last) + 1) };
}
