import { setImmediate as pause } from 'node:timers/promises';
import type { ExportFormat } from '@signet/api-contract/audit-entries';
import type { LoggedEntry, LogPlace } from '@signet/db/audit-walk';
import { canonicalRecord } from '@signet/domain/audit/canonical-form';
import { writeExportedLine } from '@signet/domain/audit/exported-line';
import { writeMicrosoftRecord } from '@signet/domain/audit/microsoft-record';
import { stringify } from 'csv-stringify/sync';

/** Entries that are written without a pause, which other requests would wait for. */
const SLICE = 100;

/** The text of an export, piece by piece: nothing of it is made before the piece in front of it has been taken. */
export async function* exportText(format: Exclude<ExportFormat, 'ndjson'>, batches: AsyncIterable<readonly LoggedEntry[]>) {
  if (format === 'csv') yield csvOf([csvColumns.map(([head]) => head)]);
  for await (const batch of slicesOf(batches)) {
    yield format === 'csv'
      ? csvOf(batch.map(cellsOf))
      : batch.map(({ entry }) => `${JSON.stringify(writeMicrosoftRecord(entry))}\n`).join('');
  }
}

/** The text of places of the log, each a line as it is verified. */
export async function* logText(batches: AsyncIterable<readonly LogPlace[]>) {
  for await (const batch of slicesOf(batches)) yield batch.map((place) => `${lineOf(place)}\n`).join('');
}

/** A logged entry as the place in the log that it has. */
export function placeOf({ entry, hash, salt }: LoggedEntry): LogPlace {
  return { logIndex: entry.logIndex, hash, logged: { entry, salt }, removal: null };
}

function lineOf({ logIndex, hash, logged, removal }: LogPlace): string {
  const intact = logged && { salt: logged.salt, text: canonicalRecord(logged.entry) };
  return writeExportedLine({ logIndex, hash, intact, ...(removal && { removal: { ...removal, at: removal.at.toISOString() } }) });
}

async function* slicesOf<T>(batches: AsyncIterable<readonly T[]>) {
  for await (const batch of batches) {
    for (let start = 0; start < batch.length; start += SLICE) {
      yield batch.slice(start, start + SLICE);
      await pause();
    }
  }
}

/** The columns of CSV: those that Microsoft's documents name first, in their order and by their names. */
const csvColumns = [
  ['CreationTime', ({ entry }) => entry.creationTime],
  ['Operation', ({ entry }) => entry.operation],
  ['MessageID', ({ entry }) => entry.messageId],
  // Some spreadsheets take a semicolon for the end of a cell.
  ['Recipient', ({ entry }) => entry.recipients.map(harmless).join(';')],
  ['Sender', ({ entry }) => entry.sender],
  ['AuthenticationMethod', ({ entry }) => entry.authenticationMethod],
  ['AuthenticationStatus', ({ entry }) => entry.authenticationStatus],
  ['OperationStatus', ({ entry }) => entry.operationStatus],
  ['AttachmentName', ({ entry }) => entry.attachmentName],
  ['OperationProperties', ({ entry }) => JSON.stringify(entry.operationProperties)],
  ['Id', ({ entry }) => entry.id],
  ['Source', ({ entry }) => entry.source],
  ['RecordedAt', ({ entry }) => entry.recordedAt],
  ['OrganizationId', ({ entry }) => entry.organizationId],
  ['MessageUid', ({ entry }) => entry.messageUid],
  ['ActorKind', ({ entry }) => entry.actor.kind],
  ['ActorId', ({ entry }) => entry.actor.id],
  ['ActorAddress', ({ entry }) => entry.actor.address],
  ['ClientIp', ({ entry }) => entry.clientIp],
  ['UserAgent', ({ entry }) => entry.userAgent],
  ['LogIndex', ({ entry }) => String(entry.logIndex)],
  ['Hash', ({ hash }) => hash.toString('hex')],
] as const satisfies readonly (readonly [head: string, valueOf: (logged: LoggedEntry) => string | null])[];

function cellsOf(logged: LoggedEntry): (string | null)[] {
  return csvColumns.map(([, valueOf]) => valueOf(logged));
}

/** RFC 4180, in UTF-8 without a byte order mark. */
function csvOf(rows: (string | null)[][]): string {
  return stringify(rows, { record_delimiter: 'windows', escape_formulas: true });
}

/** What a spreadsheet would run as a formula begins with one of these. */
const formula = /^[=+\-@\t\r＝＋－＠]/u;

/** A text as a cell that shows it and runs nothing, as `escape_formulas` makes whole cells. */
function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}
