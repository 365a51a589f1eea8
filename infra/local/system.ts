import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programs } from './build.ts';
import { runToEnd, startChild } from './children.ts';
import type { Child } from './children.ts';
import { ensureDatabase } from './database.ts';
import { readSeed } from './demo.ts';
import type { DemoOrganization } from './demo.ts';
import type { StartEnvironment } from './env.ts';
import { readSecrets } from './home.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import type { Guard } from './processes.ts';
import { waitUntilReady } from './ready.ts';
import { repositoryRoot } from './repository-root.ts';

export interface SystemOptions {
  readonly environment: StartEnvironment;
  readonly home: string;
  readonly guard: Guard;
  readonly say: (line: string) => void;
  /** Writes down a process, with words of its command line, for a later start to know it again. */
  readonly note: (pid: number, mark: string) => void;
  /** Takes what stops a part, called in the order opposite to the start. */
  readonly onStop: (cleanup: () => Promise<void>) => void;
  /** Told when a part ends by itself. */
  readonly onDeath: (summary: string) => void;
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

/** Starts database, mailbox, api, worker, gateway and portal, in this order, and waits until each is ready. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { environment, home, guard, say } = options;
  const { ports, real } = environment;
  const secrets = readSecrets(home);
  mkdirSync(join(home, 'blobs'), { recursive: true, mode: 0o700 });

  const start = (name: string, program: string, variables: NodeJS.ProcessEnv, args: readonly string[] = []): Child => {
    const script = resolve(repositoryRoot, program);
    const logFile = join(home, 'logs', `${name}.log`);
    const child = startChild({
      name,
      command: [process.execPath, script, ...args],
      env: { ...environment.base, ...variables },
      logFile,
      guard,
    });
    options.note(child.pid, script);
    options.onStop(() => child.stop());
    void child.ended.then((how) => options.onDeath(child.summary(how)));
    return child;
  };

  const databaseUrl = real['DATABASE_URL'] ?? (await startDatabase(options, secrets.databasePassword));
  say('Applying migrations');
  const common = {
    NODE_ENV: 'production',
    SIGNET_MODE: 'demo',
    DATABASE_URL: databaseUrl,
    BLOB_URL: real['BLOB_URL'] ?? pathToFileURL(join(home, 'blobs')).href,
    KEY_PROVIDER_URL: real['KEY_PROVIDER_URL'] ?? pathToFileURL(join(home, 'master.key')).href,
    LOG_LEVEL: 'info',
    PUBLIC_URL: real['PUBLIC_URL'] ?? `http://localhost:${ports.PORTAL_PORT}`,
  };
  const proxies = real['TRUSTED_PROXIES'] === undefined ? {} : { TRUSTED_PROXIES: real['TRUSTED_PROXIES'] };
  await runToEnd('Applying migrations', node(programs.migrate), { ...environment.base, ...common }, guard);

  const mailbox =
    real['SMTP_URL'] === undefined
      ? start('mailbox', 'infra/local/mailbox.ts', {}, [String(ports.MAILBOX_SMTP_PORT), String(ports.MAILBOX_PORT)])
      : undefined;
  const apiMetrics = await metricsPort();
  const api = {
    ...common,
    ...proxies,
    API_HOST: '127.0.0.1',
    API_PORT: String(ports.API_PORT),
    API_METRICS_PORT: apiMetrics,
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
  const started = [
    { child: start('api', programs.api, api), url: `http://127.0.0.1:${apiMetrics}/health/ready` },
    {
      child: start('worker', programs.worker, {
        ...common,
        WORKER_METRICS_PORT: workerMetrics,
        SMTP_URL: real['SMTP_URL'] ?? `smtp://127.0.0.1:${ports.MAILBOX_SMTP_PORT}`,
        PASSCODE_KEY: secrets.passcodeKey,
        LOOP_KEY: secrets.loopKey,
        ...(real['REDIS_URL'] !== undefined && { REDIS_URL: real['REDIS_URL'] }),
      }),
      url: `http://127.0.0.1:${workerMetrics}/health/ready`,
    },
    {
      child: start('gateway', programs.gateway, {
        ...common,
        GATEWAY_HOST: '127.0.0.1',
        GATEWAY_PORT: String(ports.GATEWAY_PORT),
        GATEWAY_METRICS_PORT: gatewayMetrics,
        LOOP_KEY: secrets.loopKey,
        ...(real['MAX_MESSAGE_BYTES'] !== undefined && { MAX_MESSAGE_BYTES: real['MAX_MESSAGE_BYTES'] }),
      }),
      url: `http://127.0.0.1:${gatewayMetrics}/health/ready`,
    },
    {
      child: start('portal', programs.portal, {
        ...proxies,
        NODE_ENV: 'production',
        PORT: String(ports.PORTAL_PORT),
        HOSTNAME: '127.0.0.1',
        API_URL: `http://127.0.0.1:${ports.API_PORT}`,
        PORTAL_SECRET: secrets.portalSecret,
        PUBLIC_URL: common.PUBLIC_URL,
        PORTAL_METRICS_PORT: portalMetrics,
      }),
      url: `http://127.0.0.1:${ports.PORTAL_PORT}/`,
    },
    ...(mailbox === undefined ? [] : [{ child: mailbox, url: `http://127.0.0.1:${ports.MAILBOX_PORT}/email` }]),
  ];
  await Promise.all(started.map(({ child, url }) => waitUntilReady(child, url)));
  return {
    portalUrl: common.PUBLIC_URL,
    apiUrl: `http://localhost:${ports.API_PORT}`,
    mailboxUrl: mailbox === undefined ? undefined : `http://localhost:${ports.MAILBOX_PORT}`,
    acme,
    globex,
  };
}

/** Any free port: two starts at once, each with its own folder and ports, never choose the same. */
async function metricsPort(): Promise<string> {
  return String(await freePort());
}

function node(program: string): [string, string] {
  return [process.execPath, join(repositoryRoot, program)];
}

async function startDatabase({ environment, home, guard, say, note, onStop, onDeath }: SystemOptions, password: string): Promise<string> {
  say('Starting PostgreSQL');
  const logFile = join(home, 'logs', 'postgres.log');
  const folder = join(home, 'postgres');
  const server = await startPostgres({ folder, port: environment.ports.DATABASE_PORT, password, guard, logFile });
  note(server.pid, folder);
  onStop(() => server.stop());
  void server.ended.then((code) => onDeath(`PostgreSQL ended (exit code ${String(code)}). Its log is ${logFile}.`));
  return ensureDatabase(server, password);
}
