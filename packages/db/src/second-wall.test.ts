import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { Database, newId, type OrganizationScope } from './database.ts';
import type { Queryable } from './queryable.ts';
import { asSuperuser, openTestDatabase } from './testing/test-database.ts';
import { seedOrganization } from './testing/seed-organization.ts';

type TestDatabase = Awaited<ReturnType<typeof openTestDatabase>>;

/** What a foreign row is made of, by the type of its column. */
const valueOf: Record<string, string> = {
  uuid: 'gen_random_uuid()',
  text: 'md5(random()::text)',
  'timestamp with time zone': 'clock_timestamp()',
  boolean: 'false',
  smallint: '1',
  integer: '1',
  bigint: '1',
  bytea: "decode(md5(random()::text), 'hex')",
  jsonb: "'{}'",
  json: "'{}'",
  ARRAY: "'{}'",
  int8multirange: "'{}'",
};

interface TenantTable {
  readonly name: string;
  /** The column that names the organization. */
  readonly owner: string;
  /** An insert of one row of an organization. */
  readonly insertFor: (organizationId: string) => string;
}

/** Every table of an organization's data, from the catalog: one that is new is in it. */
async function tenantTables({ url }: Pick<TestDatabase, 'url'>): Promise<TenantTable[]> {
  const columns = await asSuperuser<{ table: string; column: string; type: string; needed: boolean }>(
    url,
    `select c.table_name as table, c.column_name as column, c.data_type as type,
       c.is_nullable = 'NO' and c.column_default is null and c.is_identity = 'NO' as needed
     from information_schema.columns c join pg_class t on t.oid = format('public.%I', c.table_name)::regclass
     where c.table_schema = 'public' and not t.relispartition and t.relkind in ('r', 'p') order by 1, c.ordinal_position`,
  );
  return [...Map.groupBy(columns, ({ table }) => table)].flatMap(([name, own]) => {
    const owner = name === 'organization' ? 'id' : 'organization_id';
    if (!own.some(({ column }) => column === owner)) return [];
    const rest = own.filter(({ column, needed }) => needed && column !== owner);
    const insertFor = (organizationId: string) =>
      `insert into "${name}" (${[owner, ...rest.map(({ column }) => `"${column}"`)].join(', ')})
       values (${[`'${organizationId}'`, ...rest.map(({ type }) => valueOf[type] ?? 'null')].join(', ')})`;
    return [{ name, owner, insertFor }];
  });
}

/** Two organizations with a row in every table each, put there behind the wall and without regard to foreign keys. */
async function twoOrganizations() {
  const database = await openTestDatabase();
  const tables = await tenantTables(database);
  const [own, foreign] = [newId(), newId()];
  const rows = tables.flatMap(({ insertFor }) => [insertFor(own), insertFor(foreign)]);
  await asSuperuser(database.url, `set session_replication_role = replica; ${rows.join('; ')}`);
  return { database, tables, own, foreign };
}

/** Every way to the rows of one organization. */
const ways: Record<string, (scope: OrganizationScope, work: (db: Queryable) => Promise<void>) => Promise<void>> = {
  pool: (scope, work) => work(scope),
  transaction: (scope, work) => scope.transaction(work),
  'Prisma’s client': (scope, work) => work({ query: (sql, values = []) => scope.prisma.$queryRawUnsafe(sql, ...values) }),
  administer: (scope, work) => scope.administer(work),
};

test('every table with an organization is behind the wall, its owner not excepted, partitions to come included', async () => {
  const { url } = await openTestDatabase();
  await asSuperuser(url, "select ensure_audit_partition(now() + interval '3 years')");
  const open = await asSuperuser(
    url,
    `select distinct c.oid::regclass::text as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
     left join pg_policy p on p.polrelid = c.oid and p.polname = 'organization_wall' and p.polcmd = '*' and p.polroles = '{0}'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm', 'v')
       and not (c.relrowsecurity and c.relforcerowsecurity and p.oid is not null)`,
  );
  expect(open, 'end the migration with select protect_tenant_table(…)').toEqual([]);
});

test('without any condition of ours, a scope shows, changes and removes the rows of its own organization alone, whatever way', async () => {
  const { database, tables, own, foreign } = await twoOrganizations();
  expect(tables.length).toBeGreaterThan(25);
  const stateOf = (organizationId: string) =>
    Promise.all(
      tables.map(({ name, owner }) =>
        asSuperuser(database.url, `select t::text as row from "${name}" t where ${owner} = '${organizationId}'`),
      ),
    );
  const before = await stateOf(foreign);
  expect(before.every((rows) => rows.length === 1)).toBe(true);
  for (const [way, through] of Object.entries(ways)) {
    for (const { name, owner, insertFor } of tables) {
      const words = `${name} through ${way}`;
      const scope = database.forOrganization(own);
      await through(scope, async (db) => {
        expect(await db.query(`select ${owner}::text as owner from "${name}"`), words).toEqual([{ owner: own }]);
      });
      await through(scope, async (db) => void (await db.query(`update "${name}" set ${owner} = ${owner}`))).catch(expectNoPrivilege);
      await through(scope, async (db) => void (await db.query(`delete from "${name}" where ${owner} = '${foreign}'::uuid`))).catch(
        expectNoPrivilege,
      );
      const insert = through(scope, async (db) => void (await db.query(insertFor(foreign))));
      await expect(insert, words).rejects.toThrow(readOnly.includes(name) ? /not available/ : 'row-level security');
      const move = through(scope, async (db) => void (await db.query(`update "${name}" set ${owner} = '${foreign}'::uuid`)));
      await expect(move, words).rejects.toThrow(/row-level security|not available/);
    }
  }
  expect(await stateOf(foreign)).toEqual(before);
  const emptied = tables.filter(({ name }) => ![...appendOnly, ...readOnly].includes(name));
  // Foreign keys hold the order: what others refer to goes last.
  for (const { name } of [...emptied, ...emptied, ...emptied])
    await database
      .forOrganization(own)
      .query(`delete from "${name}"`)
      .catch(() => []);
  expect(await stateOf(foreign)).toEqual(before);
});

/** What the apps may read and add to, and no more. */
const appendOnly = [
  'audit_entry',
  'audit_entry_address',
  'audit_entry_word',
  'admin_record',
  'log_entry',
  'log_key',
  'log_tile',
  'log_seal',
  'audit_erasure',
  'audit_erasure_entry',
];
/** What the apps may only read: who removes entries says so there. */
const readOnly = ['audit_removal', 'audit_removed_range', 'audit_removed_count'];

function expectNoPrivilege(error: unknown): void {
  expect(String(error)).toMatch(/not available/);
}

test('a connection on which nothing was said shows nothing and takes nothing, neither of the apps nor of the owner', async () => {
  const { database, tables, own } = await twoOrganizations();
  for (const url of [database.url, database.ownerUrl]) {
    const client = new Client({ connectionString: url });
    onTestFinished(() => client.end());
    await client.connect();
    for (const { name, insertFor } of tables) {
      expect((await client.query(`select 1 from "${name}"`)).rows, name).toEqual([]);
      const refusal = url === database.url && readOnly.includes(name) ? 'permission denied' : 'row-level security';
      await expect(client.query(insertFor(own)), name).rejects.toThrow(refusal);
    }
    await client.query("select set_config('signet.organization_id', $1, false)", [own]);
    expect((await client.query('select id from organization')).rows).toEqual([{ id: own }]);
  }
});

test('the system’s scope serves every organization', async () => {
  const { database, tables, own, foreign } = await twoOrganizations();
  for (const { name, owner } of tables) {
    const rows = await database.system.query<{ owner: string }>(`select ${owner} as owner from "${name}"`);
    expect(rows.map((row) => row.owner).toSorted(), name).toEqual([own, foreign].toSorted());
  }
});

test('the apps can neither change nor remove what is in the trail, nor make or change a table, nor reach a partition', async () => {
  const database = await openTestDatabase();
  const forbidden = [
    ...readOnly.map((table) => `insert into ${table} select * from ${table}`),
    'delete from legal_hold',
    ...[...appendOnly, ...readOnly].flatMap((table) => [
      `update ${table} set organization_id = organization_id`,
      `delete from ${table}`,
      `truncate ${table}`,
      `alter table ${table} disable row level security`,
      `alter table ${table} no force row level security`,
      `drop policy organization_wall on ${table}`,
      `drop table ${table}`,
    ]),
    'select 1 from audit_entry_default',
    'insert into audit_entry_default select * from audit_entry',
    'create table mine (id int)',
    'create schema mine',
    'alter table message add column mine int',
    'create policy mine on message using (true)',
    'create role mine',
    'set role signet_test_owner',
    'truncate message',
    "select protect_tenant_table('message')",
    'update _prisma_migrations set finished_at = null',
    'set session_replication_role = replica',
  ];
  const client = new Client({ connectionString: database.url });
  onTestFinished(() => client.end());
  await client.connect();
  await client.query("set signet.organization_id = 'every'");
  for (const sql of forbidden) await expect(client.query(sql), sql).rejects.toMatchObject({ code: '42501' });
  for (const table of [...appendOnly, ...readOnly]) expect((await client.query(`select 1 from ${table}`)).rows).toEqual([]);
});

/** A key that seals nothing. */
const createKey = () => Promise.resolve({ keyId: newId(), providerKeyId: 'local:x', wrappedKey: randomBytes(8) });

test('two thousand statements of many organizations at once on few connections never mix, errors and lost connections included', async () => {
  const seeder = await openTestDatabase();
  const database = new Database({ url: seeder.url, applicationName: 'signet-test-pool', maxConnections: 3 });
  onTestFinished(() => database.close());
  const organizations: string[] = [];
  for (let index = 0; index < 20; index += 1)
    organizations.push((await seedOrganization(seeder, { createKey, domain: `o${index}.example` })).id);
  const look = 'select id from organization';
  const failed: unknown[] = [];
  const wrong: unknown[] = [];
  const lanes = Array.from({ length: 40 }, async (_, lane) => {
    for (let index = lane; index < 2_000; index += 40) {
      const id = organizations[(index * 7) % organizations.length] ?? '';
      const scope = database.forOrganization(id);
      const looks = [
        () => scope.query(look),
        () => scope.transaction((tx) => tx.query(look)),
        () => scope.administer((tx) => tx.query(look)),
        () => scope.prisma.organization.findMany({ select: { id: true } }),
        () => scope.prisma.organization.findUnique({ where: { id }, select: { id: true } }).then((row) => [row]),
        async () => ((await database.system.query(look)).length === organizations.length ? [{ id }] : []),
      ];
      try {
        if (index % 97 === 0) await scope.query('select 1 / $1::int as broken', [0]).catch(() => undefined);
        if (index % 89 === 0) await scope.transaction((tx) => tx.query('select 1 / $1::int as broken', [0])).catch(() => undefined);
        if (index % 499 === 0) await scope.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
        const rows = await looks[(index + lane) % looks.length]?.();
        if (JSON.stringify(rows) !== JSON.stringify([{ id }])) wrong.push([index, id, rows]);
      } catch (error) {
        failed.push(error);
      }
    }
  });
  await Promise.all(lanes);
  expect(wrong).toEqual([]);
  expect(failed).toEqual([]);
  await expect(database.forOrganization(organizations[0] ?? '').query(look)).resolves.toEqual([{ id: organizations[0] }]);
});

test('after a scope’s statement, transaction or failure the connection says nothing any more', async () => {
  const { url } = await openTestDatabase();
  const database = new Database({ url, applicationName: 'signet-test-pool', maxConnections: 1 });
  onTestFinished(() => database.close());
  const scope = database.forOrganization(newId());
  const setting = "select coalesce(current_setting('signet.organization_id', true), '') as said, pg_backend_pid() as pid";
  const pids = new Set<number>();
  const leave = [
    () => scope.query('select 1'),
    () => scope.transaction((tx) => tx.query('select 1')),
    () => scope.query('select nothing').catch(() => undefined),
    () => scope.transaction((tx) => tx.query('select nothing')).catch(() => undefined),
  ];
  for (const work of leave) {
    await work();
    // Prepared statements of others see what is left on the connection before they say something themselves.
    const [own] = await scope.query<{ said: string; pid: number }>(setting);
    pids.add(own?.pid ?? 0);
    expect(own?.said).toBe(scope.organizationId);
    expect((await database.system.query<{ said: string }>(setting)).map(({ said }) => said)).toEqual(['every']);
  }
  expect(pids.size).toBe(1);
});

test('an id that is no UUID opens nothing', async () => {
  const database = await openTestDatabase();
  for (const id of ['every', '', "x'; set role postgres; --"]) expect(() => database.forOrganization(id)).toThrow(TypeError);
});

/** What `check` says to an account. */
const check = async (account: string, requireWall: boolean) => {
  const database = new Database({ url: account, applicationName: 'signet-test', requireWall });
  try {
    return await database.check();
  } finally {
    await database.close();
  }
};

test('an account that the wall does not hold is told of, and refused where the wall is required', async () => {
  const { url, ownerUrl } = await openTestDatabase();
  const superuserUrl = new URL(url);
  const role = `super_${randomBytes(6).toString('hex')}`;
  await asSuperuser(url, `create role ${role} login superuser password '${role}'`);
  onTestFinished(async () => void (await asSuperuser(url, `drop role ${role}`)));
  [superuserUrl.username, superuserUrl.password] = [role, role];
  expect(await check(url, true)).toEqual([]);
  expect(await check(ownerUrl, false)).toEqual([expect.stringContaining('owns the tables')]);
  expect(await check(superuserUrl.href, false)).toEqual([expect.stringContaining('is a superuser')]);
  for (const account of [ownerUrl, superuserUrl.href]) await expect(check(account, true)).rejects.toThrow('member of signet_app');
});
