import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { BenchOrganization } from './many-organizations.ts';

const rowsAtOnce = 500;

const tables = {
  entry: [
    ['organization_id', 'uuid'],
    ['creation_time', 'timestamptz'],
    ['id', 'uuid'],
    ['log_index', 'bigint'],
    ['recorded_at', 'timestamptz'],
    ['version', 'smallint'],
    ['source', 'text'],
    ['operation', 'text'],
    ['message_id', 'text'],
    ['message_uid', 'uuid'],
    ['recipients', 'text'],
    ['sender', 'text'],
    ['authentication_method', 'text'],
    ['authentication_status', 'text'],
    ['operation_status', 'text'],
    ['attachment_name', 'text'],
    ['operation_properties', 'json'],
    ['actor', 'json'],
    ['client_ip', 'text'],
    ['user_agent', 'text'],
    ['salt', 'bytea'],
    ['content_hash', 'bytea'],
    ['hash', 'bytea'],
  ],
  address: [
    ['organization_id', 'uuid'],
    ['role', 'text'],
    ['address', 'text'],
    ['creation_time', 'timestamptz'],
    ['entry_id', 'uuid'],
  ],
  word: [
    ['organization_id', 'uuid'],
    ['word', 'text'],
    ['creation_time', 'timestamptz'],
    ['entry_id', 'uuid'],
  ],
} as const;

type Row = Record<string, unknown>;

const listOf = (columns: readonly (readonly [string, string])[], from: number) =>
  columns.map(([, type], index) => `$${from + index}::${type}[]`).join(', ');
const namesOf = (columns: readonly (readonly [string, string])[]) => columns.map(([name]) => name).join(', ');

/** One statement that leaves what 500 events leave: receipts, log entries, entries, their addresses and the words of their subjects, with all indexes. */
const insert = {
  name: 'reference',
  text: `with entry as materialized (select * from unnest(${listOf(tables.entry, 1)}) as e(${namesOf(tables.entry)})),
    receipt as (insert into audit_receipt (organization_id, event_id, content_hash) select organization_id, id, content_hash from entry),
    logged as (insert into log_entry (organization_id, stream, log_index, hash) select organization_id, 'audit', log_index, hash from entry),
    address as (insert into audit_entry_address (${namesOf(tables.address)}) select * from unnest(${listOf(tables.address, 1 + tables.entry.length)})),
    word as (insert into audit_entry_word (${namesOf(tables.word)}) select * from unnest(${listOf(tables.word, 1 + tables.entry.length + tables.address.length)}))
    insert into audit_entry (${tables.entry
      .slice(0, -2)
      .map(([name]) => name)
      .join(', ')})
    select ${tables.entry
      .slice(0, -2)
      .map(([name]) => (name === 'recipients' ? 'recipients::text[]' : name))
      .join(', ')} from entry`,
};

/**
 * The reference: writes the rows that Signet has just made of events, under other ids, into the same tables by one connection, 500 at a
 * time. What it writes is read and laid out before the clock runs. It hashes nothing, checks nothing, and signs nothing.
 * @param since the log's size in each organization before those events.
 * @returns seconds
 */
export async function insertSameRows(
  database: Client,
  organizations: readonly BenchOrganization[],
  since: ReadonlyMap<string, number>,
): Promise<number> {
  const others = new Map(organizations.map(({ id }) => [id, randomUUID()]));
  const entryIds = new Map<string, string>();
  const moved = (row: Row, id: string): Row => {
    const before = String(row[id]);
    const after = entryIds.get(before) ?? randomUUID();
    entryIds.set(before, after);
    return { ...row, organization_id: others.get(String(row['organization_id'])), [id]: after };
  };
  // Else they would be read as the few rows that the tables had a moment ago.
  await database.query('analyze audit_entry, audit_entry_address, audit_entry_word, audit_receipt, log_entry');
  const values = [[...since.keys()], [...since.values()]];
  const added = `unnest($1::uuid[], $2::bigint[]) as before(organization_id, size)`;
  const { rows: entries } = await database.query<Row>(
    `select e.*, e.recipients::text as recipients, e.operation_properties::text as operation_properties, e.actor::text as actor, r.content_hash, l.hash
     from ${added} join audit_entry e on e.organization_id = before.organization_id and e.log_index >= before.size
     join audit_receipt r on r.organization_id = e.organization_id and r.event_id = e.id
     join log_entry l on l.organization_id = e.organization_id and l.stream = 'audit' and l.log_index = e.log_index
     order by e.recorded_at, e.organization_id, e.log_index`,
    values,
  );
  const rowsOf = async (table: 'audit_entry_address' | 'audit_entry_word') => {
    const { rows } = await database.query<Row>(
      `select a.* from ${added} join audit_entry e on e.organization_id = before.organization_id and e.log_index >= before.size
       join ${table} a on a.organization_id = e.organization_id and a.entry_id = e.id and a.creation_time = e.creation_time`,
      values,
    );
    return Map.groupBy(rows, ({ entry_id: id }) => id);
  };
  const [addressesOf, wordsOf] = [await rowsOf('audit_entry_address'), await rowsOf('audit_entry_word')];
  const batches = Array.from({ length: Math.ceil(entries.length / rowsAtOnce) }, (_, batch) => {
    const mine = entries.slice(batch * rowsAtOnce, (batch + 1) * rowsAtOnce);
    const [addresses, words] = [addressesOf, wordsOf].map((of) =>
      mine.flatMap(({ id }) => of.get(id) ?? []).map((row) => moved(row, 'entry_id')),
    );
    const rows = mine.map((row) => moved(row, 'id'));
    return [
      ...tables.entry.map(([name]) => rows.map((row) => row[name])),
      ...tables.address.map(([name]) => (addresses ?? []).map((row) => row[name])),
      ...tables.word.map(([name]) => (words ?? []).map((row) => row[name])),
    ];
  });
  const begin = performance.now();
  for (const batch of batches) await database.query({ ...insert, values: batch });
  return (performance.now() - begin) / 1_000;
}
