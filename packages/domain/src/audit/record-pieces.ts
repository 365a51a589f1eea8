/** What became of lines of a file. */
interface RecordReport {
  readonly records: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly refusals: { readonly line: number; readonly reason: string }[];
}

/** A piece of a file of records that can be sent by itself. */
export interface RecordPiece {
  readonly text: string;
  /**
   * What is known of a piece without sending it: that none of its lines is a record. By itself it would be taken for a file of the wrong kind.
   * Null where it is to be sent.
   */
  readonly report: RecordReport | null;
  /** What is added to the number of a line of the piece to have that of the file; the report has those of the file. */
  readonly lineOffset: number;
}

/** Refused lines that a report names. */
const NAMED_LINES = 100;

/** Whether some line of a text may be a record of NDJSON. */
export function holdsRecordLine(text: string): boolean {
  return /^\s*\{/mu.test(text);
}

/**
 * A file of records, NDJSON or CSV, in pieces of about so many characters: between two records, and each with the head of a CSV. A row of
 * CSV ends where a line ends outside of quotes (RFC 4180). No more than a piece is held at a time, so the file may have any size.
 * @param file its text as it is read, cut anywhere, without a byte order mark.
 */
export async function* recordPieces(
  file: AsyncIterable<string> | Iterable<string>,
  characters: number,
): AsyncGenerator<RecordPiece, void, undefined> {
  const lines = linesOf(file);
  const first = await nextOf(lines);
  // Windows PowerShell names its type in a line in front of the columns.
  const begin = first.startsWith('#TYPE ') ? first + (await nextOf(lines)) : first;
  const isCsv = isRecordCsv(begin);
  const head = isCsv ? begin : '';
  const headLines = linesIn(head);
  const before: RecordPiece[] = [];
  let start = headLines;
  let hasRecord = isCsv;
  for await (const body of bodiesOf(isCsv ? csvRows(lines) : withFirst(begin, lines), characters)) {
    const lineOffset = start - headLines;
    const isBare = !isCsv && !holdsRecordLine(body);
    start += linesIn(body);
    // Whether a file is one of records at all shows with the first record: until then nothing of it is known.
    if (isBare && !hasRecord) before.push({ text: before.length === 0 ? body : '', report: reportOfBare(body, lineOffset), lineOffset });
    else {
      if (!hasRecord) yield* before;
      hasRecord = true;
      yield { text: head + body, report: isBare ? reportOfBare(body, lineOffset) : null, lineOffset };
    }
  }
  if (!hasRecord) yield { text: before[0]?.text ?? '', report: null, lineOffset: 0 };
  else if (start === headLines) yield { text: head, report: null, lineOffset: 0 };
}

/** Lines, each with its end; the last one gets one where it has none. */
async function* linesOf(file: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void, undefined> {
  let open = '';
  for await (const text of file) {
    const parts = (open + text).split('\n');
    open = parts.pop() ?? '';
    for (const part of parts) yield `${part}\n`;
  }
  if (open !== '') yield `${open}\n`;
}

async function nextOf(lines: AsyncGenerator<string, void, undefined>): Promise<string> {
  const { value } = await lines.next();
  return value ?? '';
}

async function* withFirst(first: string, rest: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  if (first !== '') yield first;
  yield* rest;
}

async function* csvRows(lines: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let open: string[] = [];
  let isQuoted = false;
  for await (const line of lines) {
    open.push(line);
    if (line.split('"').length % 2 === 0) isQuoted = !isQuoted;
    if (isQuoted) continue;
    yield open.join('');
    open = [];
  }
  if (open.length > 0) yield open.join('');
}

/** Rows put together until they have so many characters. */
async function* bodiesOf(rows: AsyncIterable<string>, characters: number): AsyncGenerator<string, void, undefined> {
  let taken: string[] = [];
  let size = 0;
  for await (const row of rows) {
    taken.push(row);
    size += row.length;
    if (size < characters) continue;
    yield taken.join('');
    [taken, size] = [[], 0];
  }
  if (taken.length > 0) yield taken.join('');
}

/** Lines none of which is a record; empty ones do not count. */
function reportOfBare(text: string, lineOffset: number): RecordReport {
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [lineOffset + index + 1]));
  const refusals = lines.slice(0, NAMED_LINES).map((line) => ({ line, reason: 'is not JSON' }));
  return { records: lines.length, accepted: 0, duplicates: 0, refused: lines.length, refusals };
}

/** The column of a CSV that holds records. */
export const RECORD_COLUMN = 'AuditData';

/** Windows PowerShell names its type in a line in front of the columns. */
export const typeLine = /^#TYPE [^\r\n]*\r?\n/u;

/** Whether a file of records is CSV: its columns say so, whatever stands in its lines. */
export function isRecordCsv(text: string): boolean {
  const [head = ''] = text.replace(typeLine, '').split('\n', 1);
  return head.split(',').some((name) => name.trim().replaceAll('"', '') === RECORD_COLUMN);
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
