import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addToOutbox, claimRow, leaseDueRows, removeRows, shortenLeases, takeRows } from './outbox.ts';
import { asSuperuser, openTestDatabase } from './testing/test-database.ts';

const due = (milliseconds: number) => ({
  kind: 'send-sender-notice' as const,
  payload: {},
  notBefore: new Date(Date.now() + milliseconds),
});

test('a row that the relay saw due is taken though the clock here is a breath behind; one that is put off is not', async () => {
  const database = await openTestDatabase();
  const { system } = database;
  const [now = '', behind = '', later = ''] = await database
    .forOrganization(randomUUID())
    .transaction((tx) => addToOutbox(tx, [due(-100), due(500), due(60_000)]));

  const taken = await system.transaction((tx) => takeRows(tx, [now, behind, later]));
  expect(taken.map((row) => row.id)).toEqual([now, behind]);
  expect(await system.transaction((tx) => claimRow(tx, behind, 60))).toMatchObject({ id: behind });
  expect(await system.transaction((tx) => claimRow(tx, behind, 60))).toBeNull();
  expect(await system.transaction((tx) => claimRow(tx, later, 60))).toBeNull();
});

test('rows that are due are leased, the longest due first; one in somebody’s hands comes again when its lease ran out, behind those that waited longer', async () => {
  const database = await openTestDatabase();
  const { system } = database;
  const [second = '', first = '', , third = ''] = await database
    .forOrganization(randomUUID())
    .transaction((tx) => addToOutbox(tx, [due(-2_000), due(-3_000), due(60_000), due(-1_000)]));
  const lease = async (limit: number) => (await leaseDueRows(system, limit)).flatMap(({ ids }) => ids);

  expect(await lease(1)).toEqual([first]);
  expect(await lease(1)).toEqual([second]);
  await shortenLeases(system, [first], 0);
  expect(await lease(1)).toEqual([third]);
  expect(await lease(10)).toEqual([first]);
  expect(await lease(10)).toEqual([]);
});

test('what was planned while the outbox was empty does not read all of it for each row once it is full', async () => {
  const database = await openTestDatabase();
  const { system } = database;
  await asSuperuser(database.url, 'vacuum analyze outbox');
  const work = async () => {
    const ids = (await leaseDueRows(system, 500)).flatMap((rows) => rows.ids);
    await system.transaction(async (tx) => {
      await takeRows(tx, ids);
      await removeRows(tx, ids);
    });
    await shortenLeases(system, ids, 0);
    return ids.length;
  };
  // A statement that was run so often keeps its plan.
  for (let times = 0; times < 10; times += 1) expect(await work()).toBe(0);
  const rows = Array.from({ length: 3_000 }, () => due(-1_000));
  await database.forOrganization(randomUUID()).transaction((tx) => addToOutbox(tx, rows));
  const read = async () => {
    await system.query('select pg_stat_force_next_flush()');
    const [found] = await system.query<{ read: number }>("select seq_tup_read as read from pg_stat_user_tables where relname = 'outbox'");
    return found?.read ?? Number.NaN;
  };
  const before = await read();
  for (let times = 0; times < 6; times += 1) expect(await work()).toBe(500);
  expect((await read()) - before).toBeLessThanOrEqual(6 * 4 * 3_000);
});
