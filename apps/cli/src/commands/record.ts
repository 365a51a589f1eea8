import { Option } from '@commander-js/extra-typings';
import { adminRecordRoutes } from '@signet/api-contract/admin-records';
import { adminActions } from '@signet/domain/audit/admin-record';
import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { operationStatus } from '@signet/domain/audit/entry';
import { TIME_HELP, listing, noun, timeOf } from '../command.ts';
import { openSession } from '../connection.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<AdminRecord>[] = [
  { head: 'Time', value: (record) => record.creationTime },
  { head: 'Action', value: (record) => record.action },
  { head: 'Status', value: (record) => record.status },
  { head: 'By', value: ({ actor }) => actor.address ?? `${actor.kind} ${actor.id ?? ''}`.trim() },
  { head: 'Target', value: ({ target }) => `${target.kind} ${target.id ?? ''}`.trim() },
  { head: 'Reason', value: (record) => record.reason },
];

export const recordCommand = noun('record', 'the admin records: who did what, refused acts included');

listing(recordCommand, 'list', 'search the admin records, newest first')
  .addOption(new Option('--action <action...>').choices(adminActions))
  .option('--actor <actor>', 'id or address of who did it')
  .option('--target <target>', 'id or name of what it was done to')
  .addOption(new Option('--status <status>', 'Failure: what was refused').choices(operationStatus.options))
  .option('--from <time>', TIME_HELP, timeOf)
  .option('--to <time>', 'the first instant that no longer counts', timeOf)
  .action(async ({ json, config, limit, cursor, all, ...query }) => {
    const session = openSession({ json, config });
    await writePages(session, { limit, cursor, all, largestPage: 5000 }, columns, (page) =>
      session.client.call(adminRecordRoutes.listAdminRecords, { query: { ...query, ...page } }),
    );
  });
