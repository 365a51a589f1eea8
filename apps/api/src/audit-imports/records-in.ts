import { CsvError, parse } from 'csv-parse/sync';
import { decodeText, EncodingError } from '@signet/domain/decode-text';
import { holdsRecordLine, isRecordCsv, RECORD_COLUMN, typeLine } from '@signet/domain/audit/record-pieces';
import { invalid } from '../http/problem-error.ts';

/** The JSON text of one record, and the line of the file that it begins on. */
export interface RecordText {
  readonly line: number;
  readonly text: string;
}

/**
 * The records in a file: CSV where it has a column `AuditData`, otherwise one a line, of which some begin with a brace.
 * @throws {ProblemError} `validation_failed` when it is neither, or no text.
 */
export function recordsIn(file: Buffer): RecordText[] {
  const text = textOf(file);
  if (isRecordCsv(text)) return auditDataOf(text);
  if (!holdsRecordLine(text)) throw invalid([{ pointer: '', detail: `must be NDJSON, or CSV with a column ${RECORD_COLUMN}` }]);
  return linesOf(text);
}

function textOf(file: Buffer): string {
  try {
    return decodeText(file);
  } catch (error) {
    if (error instanceof EncodingError) throw invalid([{ pointer: '', detail: error.message }]);
    throw error;
  }
}

function linesOf(text: string): RecordText[] {
  return text.split(/\r?\n/).flatMap((line, index) => (line.trim() === '' ? [] : [{ line: index + 1, text: line }]));
}

function auditDataOf(text: string): RecordText[] {
  const [head, ...rows] = rowsOf(text);
  const column = head?.cells.findIndex((name) => name.trim() === RECORD_COLUMN) ?? -1;
  return rows.map(({ line, cells }) => ({ line, text: cells[column] ?? '' }));
}

function rowsOf(text: string): { line: number; cells: string[] }[] {
  const csv = text.replace(typeLine, '').replaceAll('\r\n', '\n');
  const rows: { line: number; cells: string[] }[] = [];
  // A cell may hold ends of lines: a row begins behind the end of the one before it.
  let next = typeLine.test(text) ? 2 : 1;
  const first = next;
  try {
    parse(csv, {
      relaxColumnCount: true,
      skipEmptyLines: true,
      onRecord: (cells, { lines }) => {
        rows.push({ line: next, cells });
        next = first + lines;
        return cells;
      },
    });
    return rows;
  } catch (error) {
    if (error instanceof CsvError) throw invalid([{ pointer: '', detail: 'The body is neither NDJSON nor CSV' }]);
    throw error;
  }
}
