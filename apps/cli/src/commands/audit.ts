import { Option } from '@commander-js/extra-typings';
import { auditEntryRoutes } from '@signet/api-contract/audit-entries';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { authenticationMethods, operationStatus } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { TIME_HELP, listing, noun, timeOf } from '../command.ts';
import { openSession } from '../connection.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';

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

listing(auditCommand, 'list', 'search the audit entries, newest first')
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
  .option('--to <time>', 'the first instant that no longer counts', timeOf)
  .action(async ({ json, config, message, method, signIn, status, limit, cursor, all, ...filters }) => {
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
  });
