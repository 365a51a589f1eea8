import { expect, test } from 'vitest';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { openTestDatabase } from './testing/test-database.ts';

test('a connection that the server ends between two statements fails its transaction, not the process, and the next one works', async () => {
  const database = await openTestDatabase();
  const failed = database.system.transaction(async (tx) => {
    const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.system.query('select pg_terminate_backend($1)', [row?.pid]);
    // Time for the end to arrive while no statement is under way.
    await new Promise((done) => setTimeout(done, 200));
    await tx.query('select 1');
  });
  await expect(failed).rejects.toThrow(DatabaseUnavailableError);
  expect(await database.system.transaction((tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
});

test('a statement is prepared once on a connection, whatever its values', async () => {
  const database = await openTestDatabase();
  await database.system.transaction(async (tx) => {
    for (const value of ['a', 'b', 'c']) expect(await tx.query('select $1::text as value', [value])).toEqual([{ value }]);
    const prepared = await tx.query<{ statement: string }>(
      "select statement from pg_prepared_statements where statement like '%as value%'",
    );
    expect(prepared.map(({ statement }) => statement)).toEqual(['select $1::text as value']);
  });
});
