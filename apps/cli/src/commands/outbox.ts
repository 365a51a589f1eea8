import { Option } from '@commander-js/extra-typings';
import { outboxRoutes } from '@signet/api-contract/outbox';
import type { OutboxRow } from '@signet/api-contract/outbox';
import { listing, noun, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { note, writeJson, writeTable } from '../output.ts';
import { writePages } from '../pages.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<OutboxRow>[] = [
  { head: 'Id', value: (row) => row.id },
  { head: 'Kind', value: (row) => row.kind },
  { head: 'State', value: (row) => row.state },
  { head: 'Recipient', value: (row) => row.recipient },
  { head: 'Message', value: (row) => row.message?.subject ?? row.message?.messageId },
  { head: 'Attempts', value: (row) => row.attempts },
  { head: 'Last trouble', value: (row) => row.lastError },
  { head: 'Revivable', value: (row) => row.isRevivable },
];

export const outboxCommand = noun('outbox', 'what could not be done, and trying it again');

listing(outboxCommand, 'list', 'what was given up or is being tried again, the latest first')
  .addOption(new Option('--state <state>').choices(['dead', 'retrying']).default('dead'))
  .action(async ({ json, config, state, limit, cursor, all }) => {
    const session = openSession({ json, config });
    await writePages(session, { limit, cursor, all, largestPage: 500 }, columns, (page) =>
      session.client.call(outboxRoutes.listOutbox, { query: { state: state === 'retrying' ? state : 'dead', ...page } }),
    );
  });

verb(outboxCommand, 'revive', 'try again what was given up')
  .argument('[id]', 'one row of the list')
  .option('--all', 'everything that still has a use')
  .action(async (id, { all, ...options }) => {
    if ((id === undefined) === (all === undefined)) throw new UsageError('Name the id of one row, or say --all.');
    const session = openSession(options);
    if (id !== undefined) {
      const row = await session.client.call(outboxRoutes.reviveOutboxRow, { params: { id } });
      return session.json ? writeJson(row) : writeTable(columns, [row]);
    }
    const done = await session.client.call(outboxRoutes.reviveOutbox);
    if (session.json) return writeJson(done);
    note(`${done.revived} are tried again.${done.remaining > 0 ? ` ${done.remaining} are left: say it again for them.` : ''}`);
  });
