import { Command } from '@commander-js/extra-typings';
import { healthReportRoutes, type HealthCheck } from '@signet/api-contract/health-report';
import { withCommonOptions } from '../command.ts';
import { openSession } from '../connection.ts';
import { NotDone } from '../failure.ts';
import { writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<HealthCheck>[] = [
  { head: 'Status', value: (check) => check.status },
  { head: 'What', value: (check) => check.name },
  { head: 'Found', value: (check) => check.found },
  { head: 'To do', value: (check) => check.mend },
];

export const doctorCommand = withCommonOptions(
  new Command('doctor').description(
    'look at everything that Signet needs, and say what to mend; exit code 1 where something does not work',
  ),
).action(async (options) => {
  const session = openSession(options);
  const report = await session.client.call(healthReportRoutes.getHealthReport);
  await (session.json ? writeJson(report) : writeTable(columns, report.checks));
  if (report.status === 'fault') throw new NotDone('Something does not work.');
});
