import { expect, onTestFinished, test } from 'vitest';
import { Database, newId } from './database.ts';
import { knownMigrations, migrate } from './migrate.ts';
import { asSuperuser, cloneTestDatabase } from './testing/test-database.ts';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly needed: boolean;
}

/** A row as it was before later migrations, and whose it is; null where it is no organization's. */
interface OldRow {
  readonly table: string;
  readonly owner: string | null;
  readonly row: Record<string, unknown>;
}

/**
 * A row for a table, by the catalog alone. Every id in it is the organization's own, and every domain the one that it has, so that each
 * reference leads to a row that is there.
 */
function insertOf(table: string, columns: readonly Column[], organizationId: string): string {
  const text = `${table} of ${organizationId}`;
  const valueOf: Record<string, string> = {
    uuid: `'${organizationId}'`,
    text: `'${text}'`,
    'timestamp with time zone': 'clock_timestamp()',
    boolean: 'true',
    smallint: '1',
    integer: '1',
    bigint: '1',
    bytea: `'${text}'`,
    jsonb: `'{"of": "${text}"}'`,
    json: `'{"of": "${text}"}'`,
    ARRAY: "'{}'",
    int8multirange: "'{[1,2]}'",
  };
  // Where the catalog says more than a type.
  const own: Record<string, string> = { domain: `'organization_domain of ${organizationId}'`, mail_languages: "'{en}'" };
  const values = columns.map(({ column, type }) => {
    const value = own[column] ?? valueOf[type];
    if (value === undefined) throw new Error(`Say here what a ${type} is made of: ${table}.${column}`);
    return value;
  });
  return `insert into "${table}" (${columns.map(({ column }) => `"${column}"`).join(', ')}) values (${values.join(', ')})`;
}

/** Puts a row of each organization into every table as it is now: the first one's with all its columns, the second one's with what must be. */
async function fill(url: string, organizations: readonly [full: string, bare: string]): Promise<OldRow[]> {
  const columns = await asSuperuser<Column>(
    url,
    `select c.table_name as table, c.column_name as column, c.data_type as type, c.is_nullable = 'NO' and c.column_default is null as needed
     from information_schema.columns c join pg_class t on t.oid = format('public.%I', c.table_name)::regclass
     where c.table_schema = 'public' and not t.relispartition and t.relkind in ('r', 'p') and c.table_name <> '_prisma_migrations'
       and c.is_identity = 'NO' and c.is_generated = 'NEVER' and coalesce(c.column_default, '') not like 'nextval%'
     order by 1, c.ordinal_position`,
  );
  const tables = [...Map.groupBy(columns, ({ table }) => table)];
  const inserts = tables.flatMap(([table, own]) =>
    organizations.map((id, index) => {
      const written = own.filter(({ needed }) => needed || index === 0);
      return insertOf(table, written, id);
    }),
  );
  // In the order of the alphabet: whether each reference leads somewhere is looked at in the end.
  await asSuperuser(url, `set session_replication_role = replica; ${inserts.join('; ')}`);
  const reads = tables.map(([table, own]) => {
    const owner = table === 'organization' ? 'id' : own.some(({ column }) => column === 'organization_id') ? 'organization_id' : 'null';
    return `select '${table}' as table, ${owner}::text as owner, to_jsonb(t) as row from "${table}" t
      where to_jsonb(t)::text ~ '${organizations.join('|')}'`;
  });
  return asSuperuser<OldRow>(url, reads.join(' union all '));
}

/** A database in which no migration was applied yet. */
async function emptyDatabase() {
  const clone = await cloneTestDatabase('template1');
  onTestFinished(() => clone.drop());
  return clone;
}

test('rows of every earlier version are whole after all later migrations, hold their constraints, and are seen by their organization alone', async () => {
  const { url, ownerUrl } = await emptyDatabase();
  const old: OldRow[] = [];
  const names = knownMigrations();
  for (const [index, name] of names.entries()) {
    expect(await migrate(ownerUrl, names.slice(0, index + 1))).toEqual([name]);
    old.push(...(await fill(url, [newId(), newId()])));
  }
  expect(Map.groupBy(old, ({ table }) => table).size).toBeGreaterThan(35);

  const database = new Database({ url, applicationName: 'signet-test' });
  onTestFinished(() => database.close());
  await asSuperuser(url, 'grant signet_app to signet_test_app');
  const stranger = database.forOrganization(newId());
  for (const [table, rows] of Map.groupBy(old, (row) => row.table)) {
    for (const { owner, row } of rows) {
      const scope = owner === null ? database.system : database.forOrganization(owner);
      const seen = await scope.query(`select to_jsonb(t) @> $1::jsonb as whole from "${table}" t where to_jsonb(t) @> $2::jsonb`, [
        JSON.stringify(row),
        JSON.stringify(owner === null ? row : {}),
      ]);
      expect(seen, `${table}: ${JSON.stringify(row)}`).toEqual([{ whole: true }]);
    }
    const shown = rows[0]?.owner === null ? [] : await stranger.query(`select 1 from "${table}"`);
    expect(shown, table).toEqual([]);
  }
  await checkConstraints(url);
});

/** Adds every condition and reference once more, under another name: that looks at all rows. */
async function checkConstraints(url: string): Promise<void> {
  await asSuperuser(
    url,
    `do $$ declare held record; begin
       for held in select conrelid::regclass as place, replace(pg_get_constraintdef(oid), ' NOT VALID', '') as said from pg_constraint
         where contype in ('f', 'c') and connamespace = 'public'::regnamespace and conparentid = 0
       loop execute format('alter table %s add %s', held.place, held.said); end loop;
     end $$`,
  );
}

test('organizations and members from before second factors go on as they were', async () => {
  const { url, ownerUrl } = await emptyDatabase();
  const names = knownMigrations();
  await migrate(
    ownerUrl,
    names.filter((name) => name < '20261124010000_member_security'),
  );
  await fill(url, [newId(), newId()]);
  await migrate(ownerUrl);
  expect(await asSuperuser(url, 'select distinct require_second_factor as required from organization')).toEqual([{ required: false }]);
  expect(
    await asSuperuser(
      url,
      'select distinct factors, last_seen_at = created_at and authenticated_at = created_at as as_before from member_session',
    ),
  ).toEqual([{ factors: ['password'], as_before: true }]);
});
