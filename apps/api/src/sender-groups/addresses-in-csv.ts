import { senderAddresses } from '@signet/api-contract/sender-groups';
import { CsvError, parse } from 'csv-parse/sync';
import { invalid } from '../http/problem-error.ts';

/** Names that the column of addresses goes by, in exports of directories and mail systems. */
const COLUMNS = new Set(['address', 'email', 'e-mail', 'emailaddress', 'mail', 'primarysmtpaddress']);

/** @throws {ProblemError} `validation_failed`, pointing at the line (`/0` is the first address). */
export function addressesInCsv(csv: Buffer): string[] {
  const [head = [], ...rest] = rowsOf(csv);
  const named = head.findIndex((cell) => COLUMNS.has(cell.trim().toLowerCase()));
  const rows = named === -1 && head.some((cell) => cell.includes('@')) ? [head, ...rest] : rest;
  // By mistake, most often, and it would take the place of a list that is not empty.
  if (rows.length === 0) throw invalid([{ pointer: '', detail: 'The CSV has no addresses; a group without any is said as JSON' }]);
  const checked = senderAddresses.safeParse(rows.map((row) => (row[Math.max(0, named)] ?? '').trim()));
  if (checked.success) return checked.data;
  throw invalid(checked.error.issues.map(({ path, message }) => ({ pointer: `/${path.map(String).join('/')}`, detail: message })));
}

function rowsOf(csv: Buffer): string[][] {
  try {
    return parse(csv, { bom: true, relaxColumnCount: true, skipEmptyLines: true });
  } catch (error) {
    if (error instanceof CsvError) throw invalid([{ pointer: '', detail: 'The body is not CSV' }]);
    throw error;
  }
}
