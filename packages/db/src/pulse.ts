import type { SystemScope } from './database.ts';

/** The database's clock, and how many connections a worker has with the account that asks: others' names it may not see. */
export async function takePulse(system: SystemScope): Promise<{ now: Date; workerConnections: number }> {
  const [row] = await system.query<{ now: Date; workerConnections: number }>(
    `select clock_timestamp() as now, (select count(*) from pg_stat_activity
       where application_name like 'signet-worker%' and datname = current_database()) as "workerConnections"`,
  );
  if (!row) throw new Error('The database did not tell the time');
  return row;
}
