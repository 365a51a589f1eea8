import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** How PostgreSQL, which refuses to run as root, is run here: where its programs and its data lie, and under which identity. */
export interface PostgresAccount {
  /** Folder with `initdb` and `postgres`. */
  readonly programs: string;
  /** Folder for the cluster, mode 0700, of the account's owner. */
  readonly folder: string;
  /** Owner of what the account must read; null: the current user. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Starts one of its programs. */
  run(program: 'initdb' | 'postgres', args: readonly string[], options: SpawnOptions): ChildProcess;
}

const overflowId = '65534';
const unshareArgs = ['-U', `--map-user=${overflowId}`, `--map-group=${overflowId}`, '--'];

function nobody(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error('PostgreSQL cannot run as root, and there is no account "nobody" to run it as.');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether `owner` can enter the folder and run the program: asked of the kernel, since modes of every parent folder count. */
function reaches(owner: { uid: number; gid: number }, folder: string, program: string): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1" && exec "$2" --version', 'sh', folder, program], {
    ...owner,
    cwd: '/',
    stdio: 'ignore',
  });
  return probe.status === 0;
}

function folderOf(owner: { uid: number; gid: number } | null, folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

function asUser(programs: string, folder: string, owner: { uid: number; gid: number } | null): PostgresAccount {
  return {
    programs,
    folder,
    owner,
    run: (program, args, options) => spawn(join(programs, program), args, { ...options, ...owner, cwd: folder }),
  };
}

/** Root without its rights: a user namespace in which the same user is called nobody, and owns the same files. */
function inNamespace(programs: string, folder: string): PostgresAccount {
  return {
    programs,
    folder,
    owner: null,
    run: (program, args, options) => spawn('unshare', [...unshareArgs, join(programs, program), ...args], { ...options, cwd: folder }),
  };
}

/**
 * Chooses the account for PostgreSQL with programs in `programs` and data in `folder` (created when absent).
 *
 * An ordinary user runs it as it is. Root runs it as `nobody`; where nobody cannot get at the programs or the data (a clone in a 0700
 * folder), in a user namespace; where the system refuses those too (many containers), from copies under /var/lib. A folder that was
 * used before keeps its owner.
 */
export function choosePostgresAccount(programs: string, folder: string): PostgresAccount {
  if (process.getuid?.() !== 0) return asUser(programs, folderOf(null, folder), null);

  const account = nobody();
  const previousOwner = existsSync(join(folder, 'cluster')) ? statSync(join(folder, 'cluster')).uid : null;
  if (previousOwner === null || previousOwner === account.uid) {
    folderOf(account, folder);
    if (reaches(account, folder, join(programs, 'postgres'))) return asUser(programs, folder, account);
  }
  if (previousOwner !== account.uid && spawnSync('unshare', [...unshareArgs, '/bin/true'], { stdio: 'ignore' }).status === 0) {
    return inNamespace(programs, folderOf({ uid: 0, gid: 0 }, folder));
  }

  const base = '/var/lib/signet';
  mkdirSync(base, { recursive: true, mode: 0o755 });
  const native = dirname(programs);
  const version = createHash('sha256').update(native).digest('hex').slice(0, 16);
  const copy = join(base, `postgres-programs-${version}`);
  if (!existsSync(copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const elsewhere = folderOf(account, join(base, `postgres-data-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`));
  const moved = join(copy, basename(programs));
  if (!reaches(account, elsewhere, join(moved, 'postgres'))) {
    throw new Error(
      `PostgreSQL cannot run as root, and ${folder} can neither be used as nobody nor in a user namespace. Start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return asUser(moved, elsewhere, account);
}
