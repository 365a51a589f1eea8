import { Option } from '@commander-js/extra-typings';
import { statisticsRoutes, type CountedInterval } from '@signet/api-contract/statistics';
import { intervals } from '@signet/domain/statistics';
import { TIME_HELP, noun, timeOf, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { note, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<CountedInterval>[] = [
  { head: 'From', value: ({ from }) => from },
  { head: 'Recorded', value: ({ recorded }) => recorded },
  { head: 'Sent', value: ({ sent }) => sent },
  { head: 'Delivered', value: ({ deliveries }) => deliveries.sent },
  { head: 'Deferred', value: ({ deliveries }) => deliveries.deferred },
  { head: 'Bounced', value: ({ deliveries }) => deliveries.bounced },
  { head: 'Passed', value: ({ deliveries }) => deliveries.passed },
  { head: 'Revoked', value: ({ revoked }) => revoked },
  { head: 'Opened', value: ({ opened }) => opened },
  { head: 'Refused', value: ({ refused }) => refused },
  { head: 'Sign-ins', value: ({ signIns }) => signIns && Object.values(signIns).reduce((sum, count) => sum + count, 0) },
];

export const statisticsCommand = noun('statistics', 'how much happened');

verb(statisticsCommand, 'show', 'count what happened, day by day or hour by hour; – where nothing was recorded, which is no zero')
  .requiredOption('--from <time>', TIME_HELP, timeOf)
  .option('--to <time>', 'the first instant that no longer counts; now unless given', timeOf)
  .addOption(new Option('--interval <interval>', 'how finely; day unless given').choices(intervals))
  .option('--zone <zone>', 'the time zone whose hours and days are meant, like Europe/Zurich; UTC unless given')
  .action(async ({ from, to = new Date().toISOString(), interval, zone, ...options }) => {
    const session = openSession(options);
    const found = await session.client.call(statisticsRoutes.getStatistics, { query: { from, to, interval, zone } });
    if (session.json) return writeJson(found);
    await writeTable(columns, found.intervals);
    for (const gap of found.gaps) note(`Not recorded from ${gap.from} to ${gap.to}.`);
  });
