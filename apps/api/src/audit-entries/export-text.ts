import type { ExportFormat } from '@signet/api-contract/audit-entries';
import type { LoggedEntry, LogPlace } from '@signet/db/audit-walk';
import { canonicalRecord } from '@signet/domain/audit/canonical-form';
import { writeExportedLine } from '@signet/domain/audit/exported-line';
import { writeMicrosoftRecord } from '@signet/domain/audit/microsoft-record';
import { csvText, harmless, type CsvColumn } from './csv-text.ts';
import { slicesOf } from './slices-of.ts';

/** The text of an export, piece by piece: nothing of it is made before the piece in front of it has been taken. */
export async function* exportText(format: Exclude<ExportFormat, 'ndjson'>, batches: AsyncIterable<readonly LoggedEntry[]>) {
  if (format === 'csv') yield* csvText(csvColumns, batches);
  else {
    for await (const batch of slicesOf(batches))
      yield batch.map(({ entry }) => `${JSON.stringify(writeMicrosoftRecord(entry))}\n`).join('');
  }
}

/** The text of places of a log, each a line as it is verified. */
export async function* logText(batches: AsyncIterable<readonly LogPlace<object>[]>) {
  for await (const batch of slicesOf(batches)) yield batch.map((place) => `${lineOf(place)}\n`).join('');
}

/** A logged entry as the place in the log that it has. */
export function placeOf({ entry, hash, salt }: LoggedEntry): LogPlace {
  return { logIndex: entry.logIndex, hash, logged: { entry, salt }, removal: null };
}

function lineOf({ logIndex, hash, logged, removal }: LogPlace<object>): string {
  const intact = logged && { salt: logged.salt, text: canonicalRecord(logged.entry) };
  return writeExportedLine({ logIndex, hash, intact, ...(removal && { removal: { ...removal, at: removal.at.toISOString() } }) });
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
] as const satisfies readonly CsvColumn<LoggedEntry>[];
