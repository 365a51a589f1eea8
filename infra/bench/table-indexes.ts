import type { Client } from 'pg';

/** An index, or the key that brings it, with the statements that remove it and make it again. */
interface Removable {
  readonly remove: string;
  readonly make: string;
}

/**
 * Runs something while tables have no indexes and no keys, and makes those that they had: sorting all rows once costs a fraction of finding each
 * one's place. Of a partitioned table each partition's go and come with its own.
 * @param database a connection that owns the tables; its settings are changed for the time.
 */
export async function withoutIndexes(
  database: Client,
  tables: readonly string[],
  say: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  const { rows: keys } = await database.query<Removable>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as remove,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
     from pg_constraint where conrelid = any($1::text[]::regclass[]) and contype in ('p', 'u')`,
    [tables],
  );
  // ONLY would leave out the partitions.
  const { rows: indexes } = await database.query<Removable>(
    `select format('drop index %s', indexrelid::regclass) as remove, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as make
     from pg_index where indrelid = any($1::text[]::regclass[])
       and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))`,
    [tables],
  );
  await database.query("set synchronous_commit = off; set work_mem = '256MB'; set maintenance_work_mem = '1GB'");
  for (const { remove } of [...indexes, ...keys]) await database.query(remove);
  await work();
  for (const { make } of [...keys, ...indexes]) {
    const begin = performance.now();
    await database.query(make);
    if (performance.now() - begin > 60_000) say(`    ${make.slice(0, 100)}: ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
  }
  await database.query('reset synchronous_commit; reset work_mem; reset maintenance_work_mem');
}
