import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { Client } from 'pg';
import { databaseUrl } from './env.ts';

/** Prisma Migrate's own advisory lock, so that it and this command never run at once. */
const MIGRATION_LOCK = 72707369;

/** Where the migrations lie, from `src/` as from `dist/`. */
const migrationsFolder = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

/** Names of all migrations this version knows, oldest first. */
export function knownMigrations(): string[] {
  return readdirSync(migrationsFolder)
    .filter((name) => existsSync(join(migrationsFolder, name, 'migration.sql')))
    .toSorted();
}

/**
 * Applies what is missing of `prisma/migrations`, each in one transaction, and books it in Prisma's own table, so that
 * `prisma migrate deploy` agrees with it (decision 0002).
 * @param names what there is to apply, oldest first: all that this version knows.
 * @returns the names of the migrations that were applied now.
 * @throws when a migration fails, which leaves the database as it was before it, or was edited after it was applied.
 */
export async function migrate(url: string, names: readonly string[] = knownMigrations()): Promise<string[]> {
  const client = new Client({ connectionString: url, application_name: 'signet-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`create table if not exists _prisma_migrations (
      id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
      migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
      started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
    const { rows } = await client.query<{ migration_name: string; checksum: string }>(
      'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
    );
    const checksums = new Map(rows.map((row) => [row.migration_name, row.checksum]));
    const applied: string[] = [];
    for (const name of names) {
      const sql = readFileSync(join(migrationsFolder, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const before = checksums.get(name);
      if (before === checksum) continue;
      if (before)
        throw new Error(`Migration ${name} was edited after it was applied. Restore the file, and put the change in a new migration.`);
      await applyMigration(client, name, sql, checksum);
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

async function applyMigration(client: Client, name: string, sql: string, checksum: string): Promise<void> {
  // A migration works on the rows of all organizations, and says so: else it would see none (decision 0007).
  await client.query("begin; set local signet.organization_id = 'every'");
  try {
    await client.query(sql);
    await client.query(
      'insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)',
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(
      `Migration ${name} failed, and the database is as it was before: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

if (import.meta.main) {
  const applied = await migrate(databaseUrl());
  process.stdout.write(applied.length ? `Applied ${applied.join(', ')}\n` : 'The database is up to date\n');
}
