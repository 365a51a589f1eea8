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
  /** The line of the file that a line of the piece is. */
  readonly lineOf: (line: number) => number;
}

/** Refused lines that a report names. */
const NAMED_LINES = 100;

/** Whether some line of a text may be a record of NDJSON. */
export function holdsRecordLine(text: string): boolean {
  return /^\s*\{/mu.test(text);
}

/**
 * A file of records, NDJSON or CSV, in pieces of about so many characters: between two records, and each with the head of a CSV. A row of
 * CSV ends where a line ends outside of quotes (RFC 4180).
 */
export function* recordPieces(file: string, characters: number): Generator<RecordPiece> {
  const text = file.replace(/^\u{feff}/u, '');
  const isCsv = isRecordCsv(text);
  const rows = isCsv ? csvRows(text) : text.split('\n').map((line) => `${line}\n`);
  // Windows PowerShell names its type in a line in front of the columns.
  const head = isCsv ? rows.splice(0, rows[0]?.startsWith('#TYPE ') ? 2 : 1) : [];
  const headText = head.join('');
  const headLines = linesIn(headText);
  let line = headLines;
  const mayBeBare = !isCsv && holdsRecordLine(text);
  for (let at = 0; at < rows.length || at === 0;) {
    const taken: string[] = [];
    let size = 0;
    for (; at < rows.length && (taken.length === 0 || size < characters); at += 1) {
      const row = rows[at] ?? '';
      taken.push(row);
      size += row.length;
    }
    const start = line;
    const body = taken.join('');
    const report = mayBeBare && !holdsRecordLine(body) ? reportOfBare(body) : null;
    yield { text: headText + body, report, lineOf: (inPiece) => inPiece - headLines + start };
    line += linesIn(body);
    if (taken.length === 0) return;
  }
}

/** Lines none of which is a record; empty ones do not count. */
function reportOfBare(text: string): RecordReport {
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [index + 1]));
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

function csvRows(text: string): string[] {
  const rows: string[] = [];
  let open: string[] = [];
  let isQuoted = false;
  for (const line of text.split('\n')) {
    open.push(`${line}\n`);
    if (line.split('"').length % 2 === 0) isQuoted = !isQuoted;
    if (isQuoted) continue;
    rows.push(open.join(''));
    open = [];
  }
  return open.length === 0 ? rows : [...rows, open.join('')];
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
