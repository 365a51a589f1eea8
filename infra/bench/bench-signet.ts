import { mkdirSync } from 'node:fs';
import { Client } from 'pg';
import { programs } from '../local/build.ts';
import type { DemoOrganization } from '../local/demo.ts';
import type { PortName, StartEnvironment } from '../local/env.ts';
import { prepareHome, readSecrets } from '../local/home.ts';
import { freePort } from '../local/ports.ts';
import type { Guard } from '../local/processes.ts';
import { startSystem } from '../local/system.ts';
import { cpuSeconds, cpuSecondsOfChildren } from './cpu-time.ts';

export interface SignetOptions {
  /** Variables for all processes, beside those that `npm start` gives them. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A whole Signet as `npm start` starts it, with data of its own on ports of its own. */
export interface BenchSignet {
  readonly apiUrl: string;
  readonly portalUrl: string;
  readonly mailboxUrl: string;
  readonly acme: DemoOrganization;
  /** The portal's secret: the bench asks the api as the portal does. */
  readonly portalSecret: string;
  readonly database: DatabaseFacts;
  /** The database as its owner, who sees every organization. */
  readonly connect: () => Promise<Client>;
  /** The same as superuser, whom no rule of the database holds: to fill it as no app does. */
  readonly connectAsSuperuser: () => Promise<Client>;
  /** Process id of an app. */
  readonly pidOf: (app: 'api' | 'worker' | 'gateway' | 'portal') => number;
  /** CPU that each has used so far, in seconds. */
  readonly cpu: () => Readonly<Record<'api' | 'worker' | 'gateway' | 'portal' | 'postgres', number>>;
  stop(): Promise<void>;
}

/** What makes a commit durable, as the server says. */
export interface DatabaseFacts {
  readonly version: string;
  readonly fsync: string;
  readonly synchronousCommit: string;
}

/** How the start names the processes that it writes down. */
const marks = { ...programs, postgres: '/postgres' } as const;

/** @throws when a part does not start, or PostgreSQL does not keep what it has committed */
export async function startBenchSignet(
  home: string,
  base: Readonly<Record<string, string>>,
  guard: Guard,
  { variables = {} }: SignetOptions = {},
): Promise<BenchSignet> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  prepareHome(home);
  const environment: StartEnvironment = { home, ports: await freePorts(), real: {}, base: { ...base, ...variables } };
  const cleanups: (() => Promise<void>)[] = [];
  const processes: { pid: number; mark: string }[] = [];
  const pidOf = (part: keyof typeof marks) => {
    const found = processes.find(({ mark }) => mark.endsWith(marks[part]));
    if (found === undefined) throw new Error(`${part} was not started.`);
    return found.pid;
  };
  let isStopping = false;
  let isReady = false;
  const stop = async () => {
    isStopping = true;
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  };
  try {
    const system = await startSystem({
      environment,
      home,
      guard,
      say: (line) => void (isReady && console.error(line)),
      note: (pid, mark) => void processes.push({ pid, mark }),
      onStop: (cleanup) => void cleanups.push(cleanup),
      // What is being measured then fails at its next request; here is why.
      onGiveUp: (trouble) => void (isStopping || console.error(trouble)),
    });
    isReady = true;
    const { databasePassword, portalSecret } = readSecrets(home);
    const connectAs = (role: string) =>
      connectTo(`postgresql://${role}:${databasePassword}@127.0.0.1:${environment.ports.DATABASE_PORT}/signet`);
    const connect = () => connectAs('signet');
    return {
      apiUrl: `http://127.0.0.1:${environment.ports.API_PORT}`,
      portalUrl: `http://127.0.0.1:${environment.ports.PORTAL_PORT}`,
      mailboxUrl: `http://127.0.0.1:${environment.ports.MAILBOX_PORT}`,
      acme: system.acme,
      portalSecret,
      database: await readDatabaseFacts(connect),
      connect,
      connectAsSuperuser: () => connectAs('postgres'),
      pidOf,
      cpu: () => ({
        api: cpuSeconds(pidOf('api')),
        worker: cpuSeconds(pidOf('worker')),
        gateway: cpuSeconds(pidOf('gateway')),
        portal: cpuSeconds(pidOf('portal')),
        postgres: cpuSecondsOfChildren(pidOf('postgres')),
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePorts(): Promise<Record<PortName, number>> {
  return {
    PORTAL_PORT: await freePort(),
    API_PORT: await freePort(),
    GATEWAY_PORT: await freePort(),
    MAILBOX_PORT: await freePort(),
    MAILBOX_SMTP_PORT: await freePort(),
    DATABASE_PORT: await freePort(),
  };
}

/** Row-level security holds for the owner too: without the option no row is seen. */
async function connectTo(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, options: '-c signet.organization_id=every' });
  // Whoever breaks a run off ends the database first: that is no failure of the bench, which has a folder to remove.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function readDatabaseFacts(connect: () => Promise<Client>): Promise<DatabaseFacts> {
  const client = await connect();
  try {
    const { rows } = await client.query<{ version: string; fsync: string; synchronous_commit: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync,
         current_setting('synchronous_commit') as synchronous_commit`,
    );
    const [row] = rows;
    if (row?.fsync !== 'on' || row.synchronous_commit !== 'on') throw new Error('PostgreSQL runs without fsync or synchronous_commit.');
    return { version: row.version, fsync: row.fsync, synchronousCommit: row.synchronous_commit };
  } finally {
    await client.end();
  }
}
