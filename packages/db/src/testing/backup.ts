import { asSuperuser } from './test-database.ts';

/** Copies every row of a test's database, as a backup does, into a schema of its own. @returns what puts them back in the place of all that is there then. */
export async function backUp(url: string, schema = 'backup'): Promise<() => Promise<void>> {
  const tables = await asSuperuser<{ name: string }>(
    url,
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '_prisma_migrations'`,
  );
  await asSuperuser(
    url,
    [`create schema ${schema}`, ...tables.map(({ name }) => `create table ${schema}.${name} as table public.${name}`)].join('; '),
  );
  const columns = await asSuperuser<{ table: string; names: string }>(
    url,
    `select table_name as table, string_agg(quote_ident(column_name), ', ') as names from information_schema.columns
     where table_schema = 'public' and is_generated = 'NEVER' group by 1`,
  );
  const namesOf = (table: string) => columns.find((each) => each.table === table.replaceAll('"', ''))?.names ?? '';
  return async () => {
    await asSuperuser(
      url,
      [
        'set session_replication_role = replica',
        ...tables.map(({ name }) => `delete from public.${name}`),
        ...tables.map(
          ({ name }) =>
            `insert into public.${name} (${namesOf(name)}) overriding system value select ${namesOf(name)} from ${schema}.${name}`,
        ),
      ].join('; '),
    );
  };
}
