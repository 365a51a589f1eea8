import { Option } from '@commander-js/extra-typings';
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { adminRecordFormats, adminRecordRoutes } from '@signet/api-contract/admin-records';
import { NEXT_AFTER_HEADER } from '@signet/api-contract/audit-entries';
import { logRoutes } from '@signet/api-contract/logs';
import { adminActions } from '@signet/domain/audit/admin-record';
import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { operationStatus } from '@signet/domain/audit/entry';
import { TIME_HELP, listing, noun, timeOf, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { note, writeJson } from '../output.ts';
import { writePages } from '../pages.ts';
import { reportProof } from '../report-proof.ts';
import type { Column } from '../table.ts';
import { saySureness, takeStream } from '../take-stream.ts';

const columns: readonly Column<AdminRecord>[] = [
  { head: 'Time', value: (record) => record.creationTime },
  { head: 'Action', value: (record) => record.action },
  { head: 'Status', value: (record) => record.status },
  { head: 'By', value: ({ actor }) => actor.address ?? `${actor.kind} ${actor.id ?? ''}`.trim() },
  { head: 'Target', value: ({ target }) => `${target.kind} ${target.id ?? ''}`.trim() },
  { head: 'Reason', value: (record) => record.reason },
];

export const recordCommand = noun('record', 'the admin records: who did what, refused acts included');

/** The options that say which records are meant. */
function filtered<Args extends unknown[], Options extends OptionValues, Global extends OptionValues>(
  command: Command<Args, Options, Global>,
) {
  return command
    .addOption(new Option('--action <action...>').choices(adminActions))
    .option('--actor <actor>', 'id or address of who did it')
    .option('--target <target>', 'id or name of what it was done to')
    .addOption(new Option('--status <status>', 'Failure: what was refused').choices(operationStatus.options))
    .option('--from <time>', TIME_HELP, timeOf)
    .option('--to <time>', 'the first instant that no longer counts', timeOf);
}

filtered(listing(recordCommand, 'list', 'search the admin records, newest first')).action(
  async ({ json, config, limit, cursor, all, ...query }) => {
    const session = openSession({ json, config });
    await writePages(session, { limit, cursor, all, largestPage: 5000 }, columns, (page) =>
      session.client.call(adminRecordRoutes.listAdminRecords, { query: { ...query, ...page } }),
    );
  },
);

filtered(verb(recordCommand, 'export', 'all admin records that there are, in the order of their log, as they come'))
  .addOption(new Option('--format <format>', 'ndjson is the log as it is verified').choices(adminRecordFormats).default('ndjson'))
  .option('--output <file>', 'a file that is there only once it is whole; otherwise standard output')
  .action(async ({ json, config, output, ...query }) => {
    const { client } = openSession({ json, config });
    const answer = await client.call(adminRecordRoutes.exportAdminRecords, { query });
    const isFiltered = Object.values({ ...query, format: undefined }).some((value) => value !== undefined);
    await takeStream(answer, output, { isWholeLog: !isFiltered });
    saySureness(answer);
  });

verb(recordCommand, 'follow', 'what is new in the log since the last time, as the export writes it; says on stderr where to go on')
  .option('--after <index>', 'the logIndex of the last record that is there already; from the beginning without it', Number)
  .option('--limit <number>', 'how many at most', Number)
  .option('--output <file>', 'a file that is there only once it is whole; otherwise standard output')
  .action(async ({ after, limit, output, ...options }) => {
    const answer = await openSession(options).client.call(adminRecordRoutes.readAdminRecordFeed, { query: { after, limit } });
    await takeStream(answer, output);
    saySureness(answer);
    note(`Next time: --after ${answer.headers.get(NEXT_AFTER_HEADER) ?? ''}`);
  });

verb(recordCommand, 'show', 'all that an admin record says, as the API gives it')
  .argument('<id>', 'of the admin record')
  .action(async (id, options) => writeJson(await openSession(options).client.call(adminRecordRoutes.getAdminRecord, { params: { id } })));

verb(recordCommand, 'prove', 'prove that an admin record is in the log: computes the way from it to the checkpoint’s root')
  .argument('<id>', 'of the admin record')
  .option('--key <key>', 'the log’s verifier key, kept elsewhere: the checkpoint’s signature is verified with it')
  .action(async (id, { key, ...options }) => {
    const session = openSession(options);
    const proof = await session.client.call(logRoutes.proveAdminRecord, { params: { id } });
    await reportProof(proof, { id, noun: 'record', key, json: session.json });
  });
