import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { ensureAppAccount, ensureDatabase } from './database.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { repositoryRoot } from './repository-root.ts';

async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'signet-accounts-'));
  const server = await startPostgres({ folder, port: await freePort(), password: 'of the superuser' });
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return server;
}

function migrate(url: string): void {
  const program = join(repositoryRoot, 'packages/db/src/migrate.ts');
  execFileSync(process.execPath, ['--conditions=@signet/source', program], { env: { DATABASE_URL: url }, stdio: 'pipe' });
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('the embedded database has an owner that migrates and an account for the apps, the same at each start, that makes no tables', async () => {
  const server = await startServer();
  const urls = await ensureDatabase(server, 'of the owner');
  migrate(urls.owner);
  const app = await ensureAppAccount(urls, 'secret');
  expect(await ensureAppAccount(await ensureDatabase(server, 'of the owner'), 'secret')).toBe(app);
  const roles = `select rolsuper, rolbypassrls, rolcreaterole, pg_has_role('signet_app', 'member') as member from pg_roles where rolname = current_user`;
  expect(await ask(app, roles)).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, member: true }]);
  expect(await ask(app, 'select 1 from message')).toEqual([]);
  await expect(ask(app, 'create table mine (id int)')).rejects.toThrow('permission denied');
});

test('on a database that was given the apps get an account of their own, and an owner who may make none is told what to do', async () => {
  const server = await startServer();
  await ask(server.url, "create role keeper login createrole password 'k'");
  await ask(server.url, 'create database mail owner keeper');
  const owner = new URL(server.url);
  [owner.username, owner.password, owner.pathname] = ['keeper', 'k', '/mail'];
  migrate(owner.href);
  const given = { owner: owner.href, administrator: owner.href };
  const app = await ensureAppAccount(given, 'secret');
  expect(new URL(app).username).toBe('mail_app');
  expect(await ask(app, 'select 1 from message')).toEqual([]);
  await ask(server.url, 'alter role keeper nocreaterole');
  await ask(server.url, 'alter database mail rename to post');
  [given.owner, given.administrator] = [owner.href.replace(/mail$/, 'post'), owner.href.replace(/mail$/, 'post')];
  await expect(ensureAppAccount(given, 'secret')).rejects.toThrow('APP_DATABASE_URL');
});
