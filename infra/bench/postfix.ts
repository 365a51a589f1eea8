import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unpackDebianPackages } from '../checks/debian.ts';
import { freePort } from '../local/ports.ts';
import type { Guard } from '../local/processes.ts';
import { repositoryRoot } from '../local/repository-root.ts';

export interface Postfix {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  /** Messages that lie durably in its queue. */
  queued(): number;
  /** Forgets them. */
  empty(): void;
  stop(): Promise<void>;
}

const packages = ['postfix', 'libnsl2', 'libdb5.3', 'libicu72', 'libsasl2-2'];
const queueFolders = 'active bounce corrupt defer deferred flush hold incoming private public saved trace maildrop'.split(' ');

/**
 * Starts a Postfix of its own: Debian's package unpacked into the clone's cache, configuration and queue in a temporary folder, one
 * loopback port. Whatever it takes is held, as its own `static:HOLD` does it, so that it spends nothing on delivery.
 * @throws when this is not Linux with apt, or not root, whom Postfix needs to change accounts
 */
export async function startPostfix(guard: Guard): Promise<Postfix> {
  if (process.getuid?.() !== 0) throw new Error('Postfix, the reference, can only be started by root.');
  const root = join(repositoryRoot, '.cache/tools/postfix');
  if (!unpackDebianPackages(packages, root))
    throw new Error(`Postfix, the reference, could not be fetched (Debian: ${packages.join(', ')}).`);
  const program = join(root, 'usr/lib/postfix/sbin/master');
  accessSync(program, constants.X_OK);

  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-postfix-'));
  // Its processes are of another account, and look for their queue by path.
  chmodSync(folder, 0o755);
  const port = await freePort();
  configure(folder, root, port);
  const child = spawn(program, ['-c', join(folder, 'etc'), '-d'], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LD_LIBRARY_PATH: libraries(root) },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('Postfix cannot be run.');
  guard.watch(pid, 'SIGTERM');
  const ended = once(child, 'exit').then(() => guard.forget(pid));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    // Its processes end one by one after their master.
    await sleep(200);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const hold = join(folder, 'queue/hold');
  for (const deadline = Date.now() + 10_000; !(await answers(port));) {
    if (Date.now() > deadline || child.exitCode !== null) {
      const log = readFileSync(join(folder, 'data/mail.log'), 'utf8');
      await stop();
      throw new Error(`Postfix does not answer. Its log ends: ${log.slice(-500)}`);
    }
    await sleep(50);
  }
  const version = /version ([\d.]+)/.exec(readFileSync(join(folder, 'data/mail.log'), 'utf8'))?.[1] ?? 'unknown';
  return {
    host: '127.0.0.1',
    port,
    version,
    queued: () => readdirSync(hold).length,
    empty: () => readdirSync(hold).forEach((name) => rmSync(join(hold, name))),
    stop,
  };
}

function libraries(root: string): string {
  const machine = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return `${join(root, 'usr/lib/postfix')}:${join(root, 'usr/lib', machine)}`;
}

function configure(folder: string, root: string, port: number): void {
  const etc = join(folder, 'etc');
  const queue = join(folder, 'queue');
  const data = join(folder, 'data');
  for (const path of [etc, queue, data]) mkdirSync(path, { mode: 0o755 });
  // Any two accounts that are not root's will do, and every Debian has these.
  const uid = accountId('mail');
  chownSync(data, uid, 0);
  for (const name of [...queueFolders, 'pid']) {
    mkdirSync(join(queue, name), { mode: 0o700 });
    if (name !== 'pid') chownSync(join(queue, name), uid, 0);
  }
  const main = {
    compatibility_level: '3.6',
    queue_directory: queue,
    data_directory: data,
    command_directory: join(root, 'usr/sbin'),
    daemon_directory: join(root, 'usr/lib/postfix/sbin'),
    meta_directory: etc,
    shlib_directory: 'no',
    mail_owner: 'mail',
    setgid_group: 'daemon',
    import_environment: `MAIL_CONFIG LD_LIBRARY_PATH=${libraries(root)}`,
    myhostname: 'postfix.example',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    alias_maps: '',
    alias_database: '',
    maillog_file: join(data, 'mail.log'),
    maillog_file_prefixes: data,
    smtpd_peername_lookup: 'no',
    smtpd_sender_restrictions: 'static:HOLD',
  };
  writeFileSync(
    join(etc, 'main.cf'),
    Object.entries(main)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  );
  const services = [
    `${port} inet n - n - - smtpd`,
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'anvil unix - - n - 1 anvil',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'postlog unix-dgram n - n - 1 postlogd',
  ];
  writeFileSync(join(etc, 'master.cf'), `${services.join('\n')}\n`);
  writeFileSync(join(etc, 'dynamicmaps.cf'), '');
}

function accountId(name: string): number {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`Postfix, the reference, needs the account ${name}.`);
  return Number(line.split(':')[2]);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
