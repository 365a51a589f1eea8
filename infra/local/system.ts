import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programs } from './build.ts';
import { runToEnd, startChild } from './children.ts';
import type { Child } from './children.ts';
import { ensureAppAccount, ensureDatabase } from './database.ts';
import type { DatabaseUrls } from './database.ts';
import { readSeed } from './demo.ts';
import type { DemoOrganization } from './demo.ts';
import type { StartEnvironment } from './env.ts';
import { readSecrets } from './home.ts';
import { allocatorSettings, nodeOptions } from './node-options.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import type { PostgresServer } from './postgres.ts';
import type { Guard } from './processes.ts';
import { waitUntilReady } from './ready.ts';
import { repositoryRoot } from './repository-root.ts';
import { supervise } from './supervise.ts';

export interface SystemOptions {
  readonly environment: StartEnvironment;
  readonly home: string;
  readonly guard: Guard;
  readonly say: (line: string) => void;
  /** Writes down a process, with words of its command line, for a later start to know it again. */
  readonly note: (pid: number, mark: string) => void;
  /** Takes what stops a part, called in the order opposite to the start. */
  readonly onStop: (cleanup: () => Promise<void>) => void;
  /** Told when a part ended by itself and does not come back. */
  readonly onGiveUp: (trouble: string) => void;
}

/** The running system's addresses and the demo's credentials. */
export interface System {
  readonly portalUrl: string;
  readonly apiUrl: string;
  /** Undefined where SMTP_URL names a real next hop. */
  readonly mailboxUrl: string | undefined;
  readonly acme: DemoOrganization;
  readonly globex: DemoOrganization;
}

/**
 * Starts database, mailbox, api, worker, gateway and portal, in this order, and waits until each is ready. From then on a part that
 * ends by itself is started again.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { environment, home, guard, say } = options;
  const { ports, real } = environment;
  const secrets = readSecrets(home);
  mkdirSync(join(home, 'blobs'), { recursive: true, mode: 0o700 });

  /** Keeps a program of ours running, and returns once `url` says that it is ready. */
  const run = async (
    name: keyof typeof nodeOptions,
    program: string,
    url: string,
    variables: NodeJS.ProcessEnv,
    args: readonly string[] = [],
  ) => {
    const script = resolve(repositoryRoot, program);
    const stopping = new AbortController();
    let current: Child | undefined;
    options.onStop(async () => {
      stopping.abort();
      await current?.stop();
    });
    const start = async () => {
      const child = startChild({
        name,
        command: [process.execPath, ...nodeOptions[name], script, ...args],
        env: { ...environment.base, ...allocatorSettings, ...variables },
        logFile: join(home, 'logs', `${name}.log`),
        guard,
      });
      current = child;
      options.note(child.pid, script);
      try {
        await waitUntilReady(child, url);
        return child;
      } catch (error) {
        await child.stop();
        throw error;
      }
    };
    await supervise({ name, start }, { ...options, signal: stopping.signal });
  };

  const given = real['DATABASE_URL'];
  const database = given === undefined ? await startDatabase(options, secrets.databasePassword) : { owner: given, administrator: given };
  say('Applying migrations');
  const asOwner = { ...environment.base, NODE_ENV: 'production', DATABASE_URL: database.owner };
  await runToEnd('Applying migrations', node(programs.migrate), asOwner, guard);
  if (real['REDIS_URL'] === undefined) await runToEnd('Preparing the queue', node(programs.prepareQueue), asOwner, guard);
  const common = {
    NODE_ENV: 'production',
    SIGNET_MODE: 'demo',
    DATABASE_URL: real['APP_DATABASE_URL'] ?? (await ensureAppAccount(database, secrets.databasePassword)),
    BLOB_URL: real['BLOB_URL'] ?? pathToFileURL(join(home, 'blobs')).href,
    KEY_PROVIDER_URL: real['KEY_PROVIDER_URL'] ?? pathToFileURL(join(home, 'master.key')).href,
    LOG_LEVEL: 'info',
    PUBLIC_URL: real['PUBLIC_URL'] ?? `http://localhost:${ports.PORTAL_PORT}`,
  };
  // Who may make no accounts and gives none for this one keeps entries for ever.
  const retentionUrl =
    real['RETENTION_DATABASE_URL'] ??
    (real['APP_DATABASE_URL'] === undefined ? await ensureAppAccount(database, secrets.databasePassword, 'retention') : undefined);
  const retention = retentionUrl === undefined ? {} : { RETENTION_DATABASE_URL: retentionUrl };
  const proxies = real['TRUSTED_PROXIES'] === undefined ? {} : { TRUSTED_PROXIES: real['TRUSTED_PROXIES'] };
  const nextHop = real['SMTP_URL'] ?? `smtp://127.0.0.1:${ports.MAILBOX_SMTP_PORT}`;
  // For this machine alone, as all of a local start: its organizations may name mail servers on it.
  const nextHops = {
    SMTP_URL: nextHop,
    NEXT_HOP_NETWORKS: real['NEXT_HOP_NETWORKS'] ?? '127.0.0.0/8',
    WEBHOOK_NETWORKS: real['WEBHOOK_NETWORKS'] ?? '127.0.0.0/8',
    SYSLOG_NETWORKS: real['SYSLOG_NETWORKS'] ?? '127.0.0.0/8',
  };
  const apiMetrics = await metricsPort();
  const api = {
    ...common,
    ...proxies,
    ...(real['DNS_SERVERS'] !== undefined && { DNS_SERVERS: real['DNS_SERVERS'] }),
    ...(real['MAX_MESSAGE_BYTES'] !== undefined && { MAX_MESSAGE_BYTES: real['MAX_MESSAGE_BYTES'] }),
    API_HOST: '127.0.0.1',
    API_PORT: String(ports.API_PORT),
    API_METRICS_PORT: apiMetrics,
    API_GATEWAY_URL: `smtp://127.0.0.1:${ports.GATEWAY_PORT}`,
    ...nextHops,
    PORTAL_SECRET: secrets.portalSecret,
    PASSCODE_KEY: secrets.passcodeKey,
    LOOP_KEY: secrets.loopKey,
  };
  say('Making the demo organizations');
  const seedFile = join(home, 'seed.json');
  await runToEnd('Making the demo', node(programs.seed), { ...environment.base, ...api, SEED_FILE: seedFile }, guard);
  const { acme, globex } = readSeed(seedFile, ports.GATEWAY_PORT);

  say('Starting api, worker, gateway and portal');
  const workerMetrics = await metricsPort();
  const gatewayMetrics = await metricsPort();
  const portalMetrics = await metricsPort();
  const ownMailbox = real['SMTP_URL'] === undefined;
  const mailboxUrl = `http://127.0.0.1:${ports.MAILBOX_PORT}/email`;
  const mailboxPorts = [String(ports.MAILBOX_SMTP_PORT), String(ports.MAILBOX_PORT)];
  await Promise.all([
    ownMailbox && run('mailbox', 'infra/local/mailbox.ts', mailboxUrl, {}, mailboxPorts),
    run('api', programs.api, healthAt(apiMetrics), api),
    run('worker', programs.worker, healthAt(workerMetrics), {
      ...common,
      ...retention,
      WORKER_METRICS_PORT: workerMetrics,
      ...nextHops,
      PASSCODE_KEY: secrets.passcodeKey,
      LOOP_KEY: secrets.loopKey,
      ...(real['REDIS_URL'] !== undefined && { REDIS_URL: real['REDIS_URL'] }),
      ...(real['MAIL_DELAYED_SECONDS'] !== undefined && { MAIL_DELAYED_SECONDS: real['MAIL_DELAYED_SECONDS'] }),
      ...(real['MAIL_GIVE_UP_SECONDS'] !== undefined && { MAIL_GIVE_UP_SECONDS: real['MAIL_GIVE_UP_SECONDS'] }),
      ...(real['BLOB_TRASH_DAYS'] !== undefined && { BLOB_TRASH_DAYS: real['BLOB_TRASH_DAYS'] }),
    }),
    run('gateway', programs.gateway, healthAt(gatewayMetrics), {
      ...common,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(ports.GATEWAY_PORT),
      GATEWAY_METRICS_PORT: gatewayMetrics,
      LOOP_KEY: secrets.loopKey,
      ...(real['MAX_MESSAGE_BYTES'] !== undefined && { MAX_MESSAGE_BYTES: real['MAX_MESSAGE_BYTES'] }),
    }),
    run('portal', programs.portal, `http://127.0.0.1:${ports.PORTAL_PORT}/`, {
      ...proxies,
      NODE_ENV: 'production',
      PORT: String(ports.PORTAL_PORT),
      HOSTNAME: '127.0.0.1',
      API_URL: `http://127.0.0.1:${ports.API_PORT}`,
      PORTAL_SECRET: secrets.portalSecret,
      PUBLIC_URL: common.PUBLIC_URL,
      PORTAL_METRICS_PORT: portalMetrics,
    }),
  ]);
  return {
    portalUrl: common.PUBLIC_URL,
    apiUrl: `http://localhost:${ports.API_PORT}`,
    mailboxUrl: ownMailbox ? `http://localhost:${ports.MAILBOX_PORT}` : undefined,
    acme,
    globex,
  };
}

/** Any free port: two starts at once, each with its own folder and ports, never choose the same. */
async function metricsPort(): Promise<string> {
  return String(await freePort());
}

function healthAt(port: string): string {
  return `http://127.0.0.1:${port}/health/ready`;
}

function node(program: string): [string, string] {
  return [process.execPath, join(repositoryRoot, program)];
}

async function startDatabase(options: SystemOptions, password: string): Promise<DatabaseUrls> {
  const { environment, home, guard, say, note, onStop } = options;
  say('Starting PostgreSQL');
  const logFile = join(home, 'logs', 'postgres.log');
  const folder = join(home, 'postgres');
  const stopping = new AbortController();
  let current: PostgresServer | undefined;
  onStop(async () => {
    stopping.abort();
    await current?.stop();
  });
  let urls: DatabaseUrls | undefined;
  const start = async () => {
    current = await startPostgres({ folder, port: environment.ports.DATABASE_PORT, password, guard, logFile });
    note(current.pid, folder);
    urls = await ensureDatabase(current, password);
    return { ended: current.ended.then((code) => `exit code ${String(code)}`) };
  };
  await supervise({ name: 'PostgreSQL', start }, { ...options, signal: stopping.signal });
  if (urls === undefined) throw new Error('PostgreSQL was not started.');
  return urls;
}
