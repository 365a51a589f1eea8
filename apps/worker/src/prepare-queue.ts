import { databaseUrl } from '@signet/db/env';
import { PostgresConnection } from 'bullmq';
import { queueInDatabase } from './queue-factory.ts';

/**
 * Makes the queue's schema in the database, or brings it up to date, where the queue lies there; the apps then may use it. Run as
 * the account that migrates, before the worker starts: the worker's own may make nothing.
 * @param url of that account.
 */
export async function prepareQueue(url: string): Promise<void> {
  const options = queueInDatabase(url);
  const connection = new PostgresConnection({ ...options, migrate: true, max: 1 });
  try {
    await connection.waitUntilReady();
    // BullMQ makes a sequence for each queue when it is first used: in the queue's schema, and there alone, the apps may do that.
    await connection.pool.query(
      `grant usage, create on schema ${options.schema} to signet_app;
       grant select, insert, update, delete on all tables in schema ${options.schema} to signet_app;
       do $$
       declare made_before regclass;
       begin
         for made_before in select oid from pg_class
           where relnamespace = '${options.schema}'::regnamespace and relkind = 'S' and pg_get_userbyid(relowner) = current_user
         loop execute format('grant usage, select on sequence %s to signet_app', made_before);
         end loop;
       end $$`,
    );
  } finally {
    await connection.close();
  }
}

if (import.meta.main) {
  await prepareQueue(databaseUrl());
  process.stdout.write('The queue in the database is ready\n');
}
