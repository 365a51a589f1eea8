import { Option } from '@commander-js/extra-typings';
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { auditEntryRoutes, exportFormats } from '@signet/api-contract/audit-entries';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { authenticationMethods, operationStatus } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { TIME_HELP, listing, noun, timeOf, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';
import { takeStream } from '../take-stream.ts';

const columns: readonly Column<AuditEntry>[] = [
  { head: 'Time', value: (entry) => entry.creationTime },
  { head: 'Operation', value: (entry) => entry.operation },
  { head: 'Status', value: (entry) => entry.operationStatus },
  { head: 'Recipients', value: (entry) => entry.recipients },
  { head: 'Method', value: (entry) => entry.authenticationMethod },
  { head: 'Attachment', value: (entry) => entry.attachmentName },
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

filtered(listing(auditCommand, 'list', 'search the audit entries, newest first')).action(
  async ({ json, config, message, method, signIn, status, limit, cursor, all, ...filters }) => {
    const session = openSession({ json, config });
    const query = {
      ...filters,
      messageId: message,
      authenticationMethod: method,
      authenticationStatus: signIn,
      operationStatus: status,
    };
    await writePages(session, { limit, cursor, all, largestPage: 5000 }, columns, (page) =>
      session.client.call(auditEntryRoutes.listAuditEntries, { query: { ...query, ...page } }),
    );
  },
);

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
    await takeStream(answer, output);
  });
