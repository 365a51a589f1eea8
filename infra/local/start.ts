/**
 * `npm start`, once packages are installed: builds and starts everything on this machine, and stops it again.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEnvironment, wholeEnvironment } from './env.ts';
import { claimHome, prepareHome } from './home.ts';
import { requirePorts } from './ports.ts';
import { startGuard } from './processes.ts';
import { announce } from './announce.ts';
import { sendSampleMessage } from './demo.ts';
import { build } from './build.ts';
import { startSystem } from './system.ts';
import type { System } from './system.ts';

// When the terminal is gone, what was started is still to be stopped: a line that nobody can read is no reason to end at once.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const say = (line: string) => console.log(line);

let stopping = false;
let system: System | undefined;
const cleanups: (() => Promise<void> | void)[] = [];

/** Stops everything in the order opposite to its start, what is started meanwhile included, then ends this process. */
async function shutDown(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
  process.on(signal, () => {
    if (!stopping) say('Stopping');
    void shutDown(0);
  });
}

try {
  const environment = startEnvironment();
  const home = resolve(environment.home);
  prepareHome(home);
  const claim = await claimHome(home);
  cleanups.push(() => claim.release());
  // Whoever waits for this file must not find the one of the last start.
  rmSync(join(home, 'local.json'), { force: true });
  const embedded = {
    PORTAL_PORT: environment.ports.PORTAL_PORT,
    API_PORT: environment.ports.API_PORT,
    GATEWAY_PORT: environment.ports.GATEWAY_PORT,
    ...(environment.real.SMTP_URL === undefined && {
      MAILBOX_PORT: environment.ports.MAILBOX_PORT,
      MAILBOX_SMTP_PORT: environment.ports.MAILBOX_SMTP_PORT,
    }),
    ...(environment.real.DATABASE_URL === undefined && { DATABASE_PORT: environment.ports.DATABASE_PORT }),
  };
  await requirePorts(embedded);

  const guard = startGuard((pid) => claim.note(pid, fileURLToPath(new URL('guard.ts', import.meta.url))));
  cleanups.push(() => guard.close());
  await build(wholeEnvironment(), guard, say);

  system = await startSystem({
    environment,
    home,
    guard,
    say,
    note: (pid, mark) => claim.note(pid, mark),
    onStop: (cleanup) => void cleanups.push(cleanup),
    onGiveUp: (trouble) => {
      if (stopping) return;
      console.error(trouble);
      void shutDown(1);
    },
  });

  const sent = join(home, 'sample-message-sent');
  if (!existsSync(sent)) {
    say('Sending a sample message');
    await sendSampleMessage(system.acme);
    writeFileSync(sent, '');
  }
  announce(system, home, say);
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : String(error));
    await shutDown(1);
  }
}
