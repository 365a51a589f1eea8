import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { testDatabaseServerUrl } from './env.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { startGuard } from './processes.ts';
import { repositoryRoot } from './repository-root.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of a PostgreSQL server (superuser, database `postgres`) that holds the migrated database `signet_template` to clone. */
    databaseServerUrl: string;
    /** Accounts on it: the one that migrated the template and owns its tables, one as the apps have it, and one that may remove audit entries. */
    databaseAccounts: Accounts;
  }
}

interface Account {
  readonly user: string;
  readonly password: string;
}

interface Accounts {
  readonly owner: Account;
  readonly app: Account;
  readonly retention: Account;
}

const migrations = join(repositoryRoot, 'packages/db/prisma/migrations');
const migrate = join(repositoryRoot, 'packages/db/src/migrate.ts');
const templateLock = 7_270_001;

/**
 * Vitest's globalSetup of every package that tests on PostgreSQL: one server for the run, with the migrated database `signet_template`
 * on it, from which each test file clones its own. TEST_DATABASE_SERVER_URL names a server that is there already.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = testDatabaseServerUrl();
  if (given !== undefined) {
    project.provide('databaseAccounts', await makeTemplate(given));
    project.provide('databaseServerUrl', given);
    return async () => undefined;
  }

  const guard = startGuard();
  const folder = mkdtempSync(join(tmpdir(), 'signet-test-postgres-'));
  const remove = async () => {
    await guard.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const server = await startPostgres({
      folder,
      port: await freePort(),
      password: randomBytes(24).toString('base64url'),
      guard,
      // Thrown away after the run; what must survive a crash is tested against servers of its own.
      settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
    });
    project.provide('databaseAccounts', await makeTemplate(server.url));
    project.provide('databaseServerUrl', server.url);
    return async () => {
      await server.stop();
      await remove();
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Makes `signet_template`, once per state of the migrations: several packages may ask at the same time on one server. The finished
 * database takes no connections, so that cloning it never meets somebody inside.
 */
async function makeTemplate(serverUrl: string): Promise<Accounts> {
  if (!existsSync(migrate)) throw new Error(`${migrate} is missing: it applies the migrations.`);
  const state = stateOfMigrations();
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [templateLock]);
    const accounts = await makeAccounts(client, serverUrl);
    const known = await client.query<{ finished: boolean }>(
      `select not datallowconn and shobj_description(oid, 'pg_database') = $1 as finished from pg_database where datname = 'signet_template'`,
      [state],
    );
    const [existing] = known.rows;
    if (existing?.finished === true) return accounts;
    if (existing) {
      await client.query('alter database signet_template is_template false');
      await client.query('drop database signet_template with (force)');
    }
    await client.query(`create database signet_template owner ${accounts.owner.user}`);
    await applyMigrations(databaseUrl(serverUrl, 'signet_template', accounts.owner));
    await client.query(`grant signet_app to ${accounts.app.user}; grant signet_retention to ${accounts.retention.user}`);
    await client.query(`comment on database signet_template is '${state}'`);
    await client.query('alter database signet_template with is_template true allow_connections false');
    return accounts;
  } finally {
    await client.end();
  }
}

/** Neither is a superuser. All runs on a server give them the same password: that of the server's URL. */
async function makeAccounts(client: Client, serverUrl: string): Promise<Accounts> {
  const password = decodeURIComponent(new URL(serverUrl).password) || 'for tests';
  const accounts = {
    owner: { user: 'signet_test_owner', password },
    app: { user: 'signet_test_app', password },
    retention: { user: 'signet_test_retention', password },
  };
  for (const { user } of Object.values(accounts)) {
    const rights = user === accounts.owner.user ? 'createrole' : 'nocreaterole';
    const known = await client.query('select 1 from pg_roles where rolname = $1', [user]);
    await client.query(
      `${known.rowCount ? 'alter' : 'create'} role ${user} login nosuperuser nobypassrls ${rights} password ${client.escapeLiteral(password)}`,
    );
  }
  return accounts;
}

function databaseUrl(serverUrl: string, database: string, { user, password }: Account): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  url.username = user;
  url.password = password;
  return url.href;
}

function stateOfMigrations(): string {
  const hash = createHash('sha256');
  for (const name of existsSync(migrations) ? readdirSync(migrations).toSorted() : []) {
    const file = join(migrations, name, 'migration.sql');
    if (existsSync(file)) hash.update(name).update(readFileSync(file));
  }
  return hash.digest('hex');
}

async function applyMigrations(url: string): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@signet/source', migrate], {
    cwd: repositoryRoot,
    env: { DATABASE_URL: url, NODE_ENV: 'test' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((done, reject) => {
    child.once('error', reject);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`The migrations could not be applied (exit code ${String(code)}):\n${output.slice(-4_000)}`);
}
