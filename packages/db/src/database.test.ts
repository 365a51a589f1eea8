import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { Database } from './database.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { startStallingProxy } from './testing/stalling-proxy.ts';
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

/** PostgreSQL's ReadyForQuery, and its word that a server is being stopped (protocol 3.0, chapters 54.7 and 54.8). */
const ready = Buffer.from('Z\0\0\0\x05', 'latin1');
const stopping = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0', 'latin1');
const farewell = Buffer.concat([Buffer.from('E'), lengthOf(stopping), stopping]);

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length + 4);
  return length;
}

test.for([1, 2, 3, 4])(
  'a server that ends new connections in one packet with their answer number %i ends no process, and is used again once it is back',
  async (answers) => {
    const clone = await openTestDatabase();
    const proxy = await startStallingProxy(clone.url);
    const database = new Database({ url: proxy.url, applicationName: 'signet-test' });
    onTestFinished(async () => {
      await database.close();
      await proxy.close();
    });
    const scope = database.forOrganization(randomUUID());
    const uses = [
      () => database.system.query('select 1'),
      () => database.system.transaction((tx) => tx.query('select 1')),
      () => scope.prisma.apiKey.findMany({ where: { organizationId: scope.organizationId } }),
      () => scope.administer((tx) => tx.query('select 1')),
    ];
    proxy.part(ready, answers, farewell);
    // More of each than one connection takes part in: some are answered, the others are told that the database is away.
    const results = await Promise.allSettled([...uses, ...uses, ...uses].map((use) => use()));
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toBeInstanceOf(DatabaseUnavailableError);

    proxy.recover();
    await expect.poll(async () => Promise.all(uses.map((use) => use())).then(({ length }) => length, String)).toBe(uses.length);
  },
);

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
