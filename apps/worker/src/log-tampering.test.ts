import { asSuperuser } from '@signet/db/testing/test-database';
import { storedPlaces } from '@signet/db/log-check';
import { listLogKeys } from '@signet/db/log-key';
import { canonicalRecord, logEntryOf } from '@signet/domain/audit/canonical-form';
import { writeExportedLine } from '@signet/domain/audit/exported-line';
import { readCheckpoint, type Checkpoint, type LogStream } from '@signet/domain/log/checkpoint';
import { ExportVerifier } from '@signet/domain/log/verify-export';
import { expect, test } from 'vitest';
import { checkDueLogs, checkLog } from './log-checker.ts';
import { ingestAll, recordActs, sealerOf, sealOf } from './testing/sealed-log.ts';
import { openTestWorker } from './testing/test-worker.ts';

/** Entries of the log that is tampered with, and how many each checkpoint adds. */
const ENTRIES = 12;
const PORTION = 2;
/** The place that is tampered with: the second one of its portion. */
const PLACE = 5;

/** A log with all its checkpoints, as an auditor kept them, who has the export of the server and nothing else. */
async function worldOf(stream: LogStream) {
  const worker = await openTestWorker();
  const { database, organization, url } = worker;
  const organizationId = organization.id;
  const log = { organizationId, stream };
  const scope = database.forOrganization(organizationId);
  const checkpoints: Checkpoint[] = [];
  // What its making left on record comes first, into the first checkpoint.
  await ingestAll(worker);
  for (let size = 0; size < ENTRIES;) {
    if (stream === 'admin') await recordActs(worker, PORTION);
    else for (let index = 0; index < PORTION; index += 1) await worker.accept(['bob@example.net']);
    await ingestAll(worker);
    await sealerOf(worker).seal(log);
    const row = await sealOf(worker, stream, organizationId);
    const [key] = await listLogKeys(scope);
    if (!key || row.note === null) throw new Error('The log was not sealed');
    checkpoints.push(readCheckpoint(row.note, { name: row.origin, publicKey: key.publicKey }));
    ({ size } = row);
  }
  const last = checkpoints.at(-1)?.size ?? 0;
  const table = stream === 'audit' ? 'audit_entry' : 'admin_record';

  const superuser = (sql: string) =>
    asSuperuser(
      url,
      `set session_replication_role = replica; ${sql
        .replaceAll('$table', table)
        .replaceAll('$org', `organization_id = '${organizationId}'`)
        .replaceAll('$log', `organization_id = '${organizationId}' and stream = '${stream}'`)}`,
    );
  /** Another text in the record of a place. */
  const change = (place: number) =>
    superuser(
      stream === 'audit'
        ? `update audit_entry set sender = 'mallory@acme.example' where $org and log_index = ${place}`
        : `update admin_record set record = jsonb_set(record::jsonb, '{actor,address}', '"mallory@acme.example"')::json where $org and log_index = ${place}`,
    );
  /** Makes the log entry of a place fit its record. */
  const rehash = async (place: number) => {
    const [stored] = (await storedPlaces(scope, stream, { from: place, to: place + 1 }))[0]?.records ?? [];
    if (!stored) throw new Error('There is no record');
    const hash = Buffer.from(logEntryOf(stored.record, stored.salt)).toString('hex');
    await superuser(`update log_entry set hash = '\\x${hash}' where $log and log_index = ${place}`);
  };
  /** What the server's own check says. */
  const check = async () => (await checkLog(worker, log)).difference;
  /** What the auditor's verifier says of an export, which the server makes of what it has. */
  const verify = async () => {
    const verifier = new ExportVerifier(checkpoints);
    for (const { logIndex, hash, records } of await storedPlaces(scope, stream, { from: 0, to: last + 10 })) {
      const lines = records.map(({ record, salt }) => ({ logIndex, hash, intact: { salt, text: canonicalRecord(record) } }));
      // A place without its record is exported as an erased one.
      for (const line of lines.length > 0 ? lines : [{ logIndex, hash, intact: null }]) {
        const difference = verifier.take(writeExportedLine(line));
        if (difference) return difference;
      }
    }
    const result = verifier.finish();
    return 'index' in result ? result : null;
  };
  return { ...worker, worker, log, last, checkpoints, superuser, change, rehash, check, verify };
}

type World = Awaited<ReturnType<typeof worldOf>>;

/** Where the last checkpoint before the place ends: a root alone says no more. */
function portionOf({ checkpoints }: World): number {
  return Math.max(...checkpoints.map(({ size }) => size).filter((size) => size <= PLACE));
}

/** The rows of a place and those behind it move on by one: the place becomes free. */
const SHIFT = `
  update $table set log_index = -log_index - 1 where $org and log_index >= ${PLACE}; update $table set log_index = -log_index where $org and log_index < 0;
  update log_entry set log_index = -log_index - 1 where $log and log_index >= ${PLACE}; update log_entry set log_index = -log_index where $log and log_index < 0;
  update log_head set size = size + 1 where $log`;
const swapped = (name: string, condition: string) => `
  update ${name} set log_index = -1 where ${condition} and log_index = ${PLACE}; update ${name} set log_index = ${PLACE} where ${condition} and log_index = ${PLACE + 1};
  update ${name} set log_index = ${PLACE + 1} where ${condition} and log_index = -1`;

interface Tampering {
  readonly what: string;
  readonly tamper: (world: World) => Promise<unknown>;
  /** What the verifier names, where it is not the place itself. */
  readonly offline?: (world: World) => number;
}

const tamperings: readonly Tampering[] = [
  { what: 'a changed record', tamper: ({ change }) => change(PLACE) },
  {
    what: 'a changed record whose log entry was made to fit',
    tamper: async ({ change, rehash }) => {
      await change(PLACE);
      await rehash(PLACE);
    },
    offline: portionOf,
  },
  {
    what: 'a record without its salt',
    tamper: ({ superuser }) => superuser(`update $table set salt = '' where $org and log_index = ${PLACE}`),
  },
  { what: 'a deleted record', tamper: ({ superuser }) => superuser(`delete from $table where $org and log_index = ${PLACE}`) },
  {
    what: 'a record deleted with its log entry',
    tamper: ({ superuser }) =>
      superuser(`delete from $table where $org and log_index = ${PLACE}; delete from log_entry where $log and log_index = ${PLACE}`),
  },
  {
    what: 'a record deleted with its log entry, and all behind it moved up',
    tamper: ({ superuser }) =>
      superuser(
        `delete from $table where $org and log_index = ${PLACE}; delete from log_entry where $log and log_index = ${PLACE};
         update $table set log_index = -log_index where $org and log_index > ${PLACE}; update $table set log_index = -log_index - 1 where $org and log_index < 0;
         update log_entry set log_index = -log_index where $log and log_index > ${PLACE}; update log_entry set log_index = -log_index - 1 where $log and log_index < 0;
         update log_head set size = size - 1 where $log`,
      ),
    offline: portionOf,
  },
  {
    what: 'an inserted record, with a log entry of its own, and all behind it moved on',
    tamper: async ({ superuser, log, change, rehash }) => {
      await superuser(SHIFT);
      const columns = log.stream === 'audit' ? 'creation_time' : 'id';
      const other = log.stream === 'audit' ? "creation_time + interval '1 millisecond'" : 'gen_random_uuid()';
      await superuser(
        `create temporary table forged as select * from $table where $org and log_index = ${PLACE + 1};
         update forged set log_index = ${PLACE}, ${columns} = ${other}; insert into $table select * from forged;
         insert into log_entry select organization_id, stream, ${PLACE}, hash from log_entry where $log and log_index = ${PLACE + 1}`,
      );
      await change(PLACE);
      await rehash(PLACE);
    },
    offline: portionOf,
  },
  { what: 'two records that were swapped', tamper: ({ superuser }) => superuser(swapped('$table', '$org')) },
  {
    what: 'two records that were swapped with their log entries',
    tamper: ({ superuser }) => superuser(`${swapped('$table', '$org')}; ${swapped('log_entry', '$log')}`),
    offline: portionOf,
  },
  {
    what: 'a log that was cut off',
    tamper: ({ superuser }) =>
      superuser(
        `delete from $table where $org and log_index >= ${PLACE}; delete from log_entry where $log and log_index >= ${PLACE};
         update log_head set size = ${PLACE} where $log`,
      ),
  },
];

test.each((['audit', 'admin'] as const).flatMap((stream) => tamperings.map((tampering) => ({ stream, ...tampering }))))(
  'of the $stream log, the server’s check and the verifier without a server find $what, and name the place',
  async ({ stream, tamper, offline }) => {
    const world = await worldOf(stream);
    expect(await world.check()).toBeNull();
    expect(await world.verify()).toBeNull();
    await tamper(world);
    expect(await world.check()).toMatchObject({ index: PLACE });
    expect(await world.verify()).toMatchObject({ index: offline?.(world) ?? PLACE });
    expect(await sealOf(world.worker, stream, world.log.organizationId)).toMatchObject({ difference_index: PLACE });
  },
);

test.each(['audit', 'admin'] as const)(
  'a whole %s log that was made anew and signed with its own key differs from the checkpoint in blob storage, and from those that an auditor has',
  async (stream) => {
    const world = await worldOf(stream);
    const { worker, log, superuser, change, rehash, check, verify } = world;
    await change(PLACE);
    await rehash(PLACE);
    await superuser('delete from log_tile where $log; delete from log_seal where $log');
    if (stream === 'audit') {
      await superuser(
        `update audit_entry_address set address = 'mallory@acme.example' where $org and role = 'sender'
           and entry_id = (select id from audit_entry where $org and log_index = ${PLACE})`,
      );
    }
    // Somebody with the keys, who does not reach the checkpoint in blob storage.
    const forger = sealerOf(worker, { readNote: () => Promise.resolve(null), writeNote: () => Promise.resolve() });
    expect(await forger.seal(log)).toMatchObject({ outcome: 'sealed' });
    expect(await check()).toMatchObject({ index: 0, detail: expect.stringContaining('the checkpoint of size') });
    expect(await verify()).toMatchObject({ index: portionOf(world) });
    expect(await sealerOf(worker).seal(log)).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('another one') });
    // One who reaches that too has deceived the server. Whoever holds a checkpoint is not deceived.
    await worker.blobStore.writeNote(
      log.organizationId,
      `${stream}-checkpoint`,
      (await sealOf(worker, stream, log.organizationId)).note ?? '',
    );
    expect(await check()).toBeNull();
    expect(await verify()).toMatchObject({ index: portionOf(world) });
  },
);

test.each(['audit', 'admin'] as const)('the %s log whose records were all emptied out is found at its first place', async (stream) => {
  const { superuser, check, verify } = await worldOf(stream);
  await superuser(`truncate $table${stream === 'audit' ? ', audit_entry_address' : ''}`);
  expect(await check()).toMatchObject({ index: 0, detail: 'The record is missing' });
  expect(await verify()).toMatchObject({ index: 0, detail: expect.stringContaining('The record is gone') });
  await superuser('truncate log_entry');
  expect(await check()).toMatchObject({ index: 0, detail: 'The log entry is missing' });
  expect(await verify()).toMatchObject({ index: 0, detail: expect.stringContaining('The log ends here') });
});

test.each(['audit', 'admin'] as const)(
  'where nothing at all was left of the %s log, its checkpoint in blob storage lets no other one be signed in its place',
  async (stream) => {
    const { worker, log, superuser, accept } = await worldOf(stream);
    await superuser('truncate $table, log_entry, log_head, log_tile, log_seal');
    if (stream === 'admin') await recordActs(worker, 1);
    else await accept(['bob@example.net']);
    await ingestAll(worker);
    expect(await sealerOf(worker).seal(log)).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('older database') });
  },
);

test('a record that says another place than there is, and a column that says otherwise than its record, are found', async () => {
  const { superuser, check, last } = await worldOf('admin');
  await superuser(`update admin_record set action = 'OutboxRead' where $org and log_index = ${PLACE}`);
  expect(await check()).toMatchObject({ index: PLACE, detail: expect.stringContaining('is found by something else') });
  await superuser(`update admin_record set action = record ->> 'action' where $org and log_index = ${PLACE}`);
  await superuser(
    `create temporary table forged as select * from admin_record where $org and log_index = ${PLACE};
     update forged set log_index = ${last + 7}, id = gen_random_uuid(); insert into admin_record select * from forged`,
  );
  expect(await check()).toMatchObject({ index: last + 7 });
});

test.each(['"x"', '7', 'null', '{}'])(
  'an admin record that was changed to something of another kind (%s) is found, and does not stop the check',
  async (value) => {
    const { superuser, check } = await worldOf('admin');
    for (const field of ['id', 'organizationId', 'creationTime', 'logIndex']) {
      await superuser(
        `update admin_record set record = jsonb_set(record::jsonb, '{${field}}', '${value}')::json where $org and log_index = ${PLACE}`,
      );
      expect(await check()).toMatchObject({ index: PLACE });
    }
    await superuser(`update admin_record set record = '${value}' where $org and log_index = ${PLACE}`);
    expect(await check()).toMatchObject({ index: PLACE });
  },
);

test.each([
  ['is not found by its sender any more', `delete from audit_entry_address where $org and role = 'sender' and entry_id = $entry`],
  ['is not found by a recipient any more', `delete from audit_entry_address where $org and role = 'recipient' and entry_id = $entry`],
  [
    'is found by another address than its own',
    `update audit_entry_address set address = 'mallory@acme.example' where $org and role = 'recipient' and entry_id = $entry`,
  ],
  [
    'is found by an address that it does not have',
    `insert into audit_entry_address select organization_id, 'recipient', 'mallory@acme.example', creation_time, id from audit_entry where id = $entry`,
  ],
  [
    'is found by an address that it does not have, among very many',
    `insert into audit_entry_address select organization_id, 'recipient', 'a' || count, creation_time, gen_random_uuid()
       from audit_entry, generate_series(1, 12000) as count where id = $entry;
     insert into audit_entry_address select organization_id, 'recipient', 'mallory@acme.example', creation_time, id from audit_entry where id = $entry`,
  ],
  [
    'is found by its recipient as its sender',
    `insert into audit_entry_address select organization_id, 'sender', lower(recipients[1]), creation_time, id from audit_entry where id = $entry`,
  ],
  ['is not found by a word of its subject any more', `delete from audit_entry_word where $org and word = $word and entry_id = $entry`],
  [
    'is found by another word than its subject’s',
    `update audit_entry_word set word = 'forged' where $org and word = $word and entry_id = $entry`,
  ],
  [
    'is found by a word that its subject does not have',
    `insert into audit_entry_word select organization_id, 'forged', creation_time, id from audit_entry where id = $entry`,
  ],
  [
    'is found by a word that its subject does not have, among very many',
    `insert into audit_entry_word select organization_id, 'a' || count, creation_time, gen_random_uuid()
       from audit_entry, generate_series(1, 12000) as count where id = $entry;
     insert into audit_entry_word select organization_id, 'forged', creation_time, id from audit_entry where id = $entry`,
  ],
])('the server’s check finds an audit entry that %s', async (_, sql) => {
  const { superuser, check } = await worldOf('audit');
  await superuser(
    sql
      .replaceAll('$entry', `(select id from audit_entry where $org and log_index = ${PLACE})`)
      .replaceAll(
        '$word',
        `(select min(word) from audit_entry_word where entry_id = (select id from audit_entry where $org and log_index = ${PLACE}))`,
      ),
  );
  expect(await check()).toMatchObject({ index: PLACE, detail: expect.stringContaining('found by') });
});

test('an entry of a time that is none is found, and does not stop the check', async () => {
  const { superuser, check } = await worldOf('audit');
  await superuser(`update audit_entry set creation_time = 'infinity' where $org and log_index = ${PLACE}`);
  expect((await check())?.index).toBeLessThanOrEqual(PLACE);
});

test('a tile above the log entries that is not made of them is found', async () => {
  const { worker, log, superuser, check } = await worldOf('admin');
  await recordActs(worker, 700);
  await sealerOf(worker).seal(log);
  expect(await check()).toBeNull();
  await superuser('update log_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) where $log and level = 1');
  expect(await check()).toMatchObject({ index: 256, detail: expect.stringContaining('tile') });
  await superuser('delete from log_tile where $log and level = 1');
  expect(await check()).toMatchObject({ index: 0 });
});

test('two audit entries at one place are found', async () => {
  const { superuser, check } = await worldOf('audit');
  await superuser(
    `create temporary table forged as select * from audit_entry where $org and log_index = ${PLACE};
     update forged set id = gen_random_uuid(); insert into audit_entry select * from forged`,
  );
  expect(await check()).toMatchObject({ index: PLACE, detail: '2 records say that they stand here' });
});

test('each log is checked once a day by one worker, and one that differs is an error that names it', async () => {
  const { worker, system, change, superuser, log, metrics } = await worldOf('admin');
  const due = () => checkDueLogs({ ...worker, system }, new AbortController().signal);
  await superuser('update log_seal set checked_at = null');
  expect((await Promise.all([due(), due()])).reduce((sum, count) => sum + count)).toBe(1);
  expect(await due()).toBe(0);
  await change(PLACE);
  await superuser("update log_seal set checked_at = checked_at - interval '21 hours'");
  await expect(due()).rejects.toThrow(`${log.organizationId}/admin at index ${PLACE}: The record is not the one that was hashed`);
  expect(await metrics.registry.metrics()).toContain('signet_logs_differing 1');
});
