import { setTimeout as sleep } from 'node:timers/promises';
import { Option } from '@commander-js/extra-typings';
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { auditEntryRoutes, exportFormats } from '@signet/api-contract/audit-entries';
import { auditImportRoutes, type AuditImport } from '@signet/api-contract/audit-imports';
import { ApiProblem } from '@signet/api-contract/client';
import { retentionRoutes } from '@signet/api-contract/retention';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { authenticationMethods, operationStatus } from '@signet/domain/audit/entry';
import { microsoftOperations } from '@signet/domain/audit/microsoft-record';
import { operationNames } from '@signet/domain/audit/operation';
import { recordPieces } from '@signet/domain/audit/record-pieces';
import { judgeTouch } from '@signet/domain/audit/touch-verdict';
import { fewestDays } from '@signet/domain/retention';
import { TIME_HELP, listing, noun, timeOf, verb } from '../command.ts';
import { openSession, type Session } from '../connection.ts';
import { NotDone } from '../failure.ts';
import { textIn } from '../file-in.ts';
import { note, numberOf, writeFields, writeJson } from '../output.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';
import { saySureness, takeStream } from '../take-stream.ts';
import { addErasureVerbs } from './audit-erasures.ts';
import { addEntryVerbs } from './audit-entries.ts';

const columns: readonly Column<AuditEntry>[] = [
  { head: 'Time', value: (entry) => entry.creationTime },
  { head: 'Operation', value: (entry) => entry.operation },
  { head: 'Status', value: (entry) => entry.operationStatus },
  { head: 'Recipients', value: (entry) => entry.recipients },
  { head: 'Method', value: (entry) => entry.authenticationMethod },
  { head: 'Attachment', value: (entry) => entry.attachmentName },
  { head: 'Probably', value: (entry) => judgeTouch(entry)?.verdict ?? null },
  { head: 'Stated by', value: ({ source }) => (source === 'signet' ? null : source) },
  { head: 'Message-ID', value: (entry) => entry.messageId },
];

export const auditCommand = noun('audit', 'the recorded steps of messages');

/** The options that say which entries are meant. */
function filtered<Args extends unknown[], Options extends OptionValues, Global extends OptionValues>(
  command: Command<Args, Options, Global>,
) {
  return command
    .option('--message <id>', 'id or Message-ID of a message')
    .option('--recipient <address>', 'an address, or its beginning and *')
    .option('--sender <address>', 'an address, or its beginning and *')
    .option('--subject <words>', 'words that must all occur')
    .addOption(new Option('--operation <operation...>').choices(operationNames))
    .addOption(new Option('--method <method>', 'how the reader signed in').choices(authenticationMethods))
    .addOption(new Option('--sign-in <status>', 'how the sign-in ended').choices(operationStatus.options))
    .addOption(new Option('--status <status>', 'how the operation ended').choices(operationStatus.options))
    .option('--source <name>', 'who recorded it')
    .option('--from <time>', TIME_HELP, timeOf)
    .option('--to <time>', 'the first instant that no longer counts', timeOf);
}

filtered(listing(auditCommand, 'list', 'search the audit entries, newest first'))
  .option('--count', 'say how many there are in all, as far as 10,000')
  .action(async ({ json, config, message, method, signIn, status, count, limit, cursor, all, ...filters }) => {
    const session = openSession({ json, config });
    const query = {
      ...filters,
      messageId: message,
      authenticationMethod: method,
      authenticationStatus: signIn,
      operationStatus: status,
    };
    await writePages(session, { limit, cursor, all, largestPage: 5000 }, columns, (page) =>
      session.client.call(auditEntryRoutes.listAuditEntries, {
        // Once is enough: it is said with the first page.
        query: { ...query, ...page, count: count && page.cursor === cursor ? 'true' : 'false' },
      }),
    );
  });

filtered(verb(auditCommand, 'export', 'all entries that there are, oldest first, as they come'))
  .addOption(new Option('--format <format>', 'ndjson is the log as it is verified').choices(exportFormats).default('ndjson'))
  .option('--include-all', 'with m365: entries of all operations, not of Microsoft’s five alone')
  .option('--output <file>', 'a file that is there only once it is whole; otherwise standard output')
  .action(async ({ json, config, message, method, signIn, status, includeAll, output, ...filters }) => {
    const { client } = openSession({ json, config });
    const query = {
      ...filters,
      messageId: message,
      authenticationMethod: method,
      authenticationStatus: signIn,
      operationStatus: status,
      include: includeAll ? ('all' as const) : undefined,
    };
    const answer = await client.call(auditEntryRoutes.exportAuditEntries, { query });
    const isFiltered = [message, method, signIn, status, ...Object.values({ ...filters, format: undefined })].some(
      (value) => value !== undefined,
    );
    await takeStream(answer, output, { isWholeLog: !isFiltered && (filters.format !== 'm365' || includeAll === true) });
    saySureness(answer);
  });

addEntryVerbs(auditCommand);
addErasureVerbs(auditCommand);

/** Characters of one request: far below what the API takes, however they are encoded. */
const PIECE = 4 * 1024 * 1024;

verb(auditCommand, 'import', 'add Microsoft 365 records to the trail; what is known already stays as it is')
  .argument('<file>', 'records, one a line, or what Export-Csv wrote of Search-UnifiedAuditLog; - for standard input')
  .addOption(new Option('--format <format>').choices(['m365'] as const).makeOptionMandatory())
  .action(async (file, options) => {
    const session = openSession(options);
    const total = await importFrom(file, session);
    if (session.json) await writeJson(total);
    else {
      await writeFields([
        ['Records', total.records],
        ['New', total.accepted],
        ['Known', total.duplicates],
        ['Refused', total.refused],
      ]);
      for (const { line, reason } of total.refusals) note(`${file}:${line}: ${reason}`);
    }
    if (total.accepted > 0) await noteRetention(session);
    if (total.refused > 0) throw new NotDone(`${total.refused} of ${total.records} refused.`);
  });

/** Says what retention takes of what was imported, which is old from the beginning; nothing to a key that may not read the policy. */
async function noteRetention({ client }: Session): Promise<void> {
  const policy = await client.call(retentionRoutes.getRetention).catch(() => null);
  const kept = policy === null ? null : fewestDays(policy, microsoftOperations);
  if (kept === null) return;
  const which = kept.isForAll ? 'Entries' : 'Entries of some operations';
  note(
    `${which} older than ${numberOf(kept.days, 'day', 'days')} are removed a week after their import: so the retention policy says (signet retention show).`,
  );
  note('A legal hold on their address or their time keeps them, if it is placed before that (signet hold create).');
}

/** Sends the records of a file piece by piece. @returns what became of all of them. */
async function importFrom(file: string, session: Session) {
  const total = { records: 0, accepted: 0, duplicates: 0, refused: 0, refusals: [] as AuditImport['refusals'] };
  try {
    for await (const { text, report: known, lineOffset } of recordPieces(textIn(file), PIECE)) {
      const report = known ?? (await sendPatiently(session, text, lineOffset));
      for (const count of ['records', 'accepted', 'duplicates', 'refused'] as const) total[count] += report[count];
      total.refusals.push(...report.refusals);
      if (process.stderr.isTTY) note(`${total.records} records read`);
    }
  } catch (error) {
    if (total.records > 0) {
      const before = `Read before that: ${numberOf(total.records, 'record', 'records')}, ${total.accepted} new in the trail.`;
      note(`${before} The same command goes on once that is mended: what is known stays as it is.`);
    }
    throw error;
  }
  return total;
}

/** Sends records, and waits where more wait to be recorded than may. */
async function sendPatiently(session: Session, text: string, lineOffset: number): Promise<AuditImport> {
  for (;;) {
    try {
      return await session.client.call(auditImportRoutes.importAuditRecords, { rawBody: text, query: { lineOffset } });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'too_many_requests') throw error;
      await sleep(1000 * (error.problem.retryAfterSeconds ?? 10));
    }
  }
}
