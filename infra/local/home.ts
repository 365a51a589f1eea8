import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, isRunning, signalGroup, waitForEnd } from './processes.ts';

/** Secrets of one installation, made once and kept beside its data. */
export interface Secrets {
  readonly databasePassword: string;
  readonly portalSecret: string;
  readonly passcodeKey: string;
  readonly loopKey: string;
}

/** 32 random bytes in base64url. */
function key(): string {
  return randomBytes(32).toString('base64url');
}

/** Makes the folder of all data (mode 0700) and the one for logs. */
export function prepareHome(home: string): void {
  try {
    for (const folder of [home, join(home, 'logs')]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`The data folder ${home} cannot be used: ${messageOf(error)}. Set SIGNET_HOME to a folder that can be written to.`, {
      cause: error,
    });
  }
}

/**
 * Reads secrets.json, or makes it.
 * @throws Error when the file is damaged: new secrets would not open what was stored under the old ones
 */
export function readSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json');
  if (!existsSync(file)) {
    if (existsSync(join(home, 'postgres', 'cluster'))) {
      throw new Error(`The data folder ${home} is damaged: it has a database but no secrets.json. Restore it, or move the folder away.`);
    }
    writePrivate(file, { databasePassword: key(), portalSecret: key(), passcodeKey: key(), loopKey: key() });
  }
  const text = readFileSync(file, 'utf8');
  try {
    const found: unknown = JSON.parse(text);
    return {
      databasePassword: textOf(found, 'databasePassword'),
      portalSecret: textOf(found, 'portalSecret'),
      passcodeKey: textOf(found, 'passcodeKey'),
      loopKey: textOf(found, 'loopKey'),
    };
  } catch (error) {
    throw new Error(`The data folder ${home} is damaged: secrets.json cannot be read. Restore it, or move the folder away to begin anew.`, {
      cause: error,
    });
  }
}

/** Writes JSON that only this user may read, whole or not at all. */
export function writePrivate(file: string, content: unknown): void {
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The text under `name` in something read from JSON. */
export function textOf(value: unknown, name: string): string {
  const found: unknown = fieldOf(value, name);
  if (typeof found !== 'string' || found === '') throw new Error(`${name} is missing`);
  return found;
}

/** What lies under `name` in something read from JSON; undefined when nothing does. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

/** What a start writes down of itself, so that the next one can refuse to run beside it, or clear up after it. */
interface RunningStart {
  readonly pid: number;
  /** Its guard and its children, each with words of its command line by which to know it again. */
  readonly processes: readonly { readonly pid: number; readonly mark: string }[];
}

/**
 * Claims the data folder for this process.
 *
 * A start that was killed left this file behind. Its guard is waited for; should that have been killed as well, the children are ended.
 * @throws Error when another start is running
 */
export async function claimHome(home: string): Promise<{ note(pid: number, mark: string): void; release(): void }> {
  const file = join(home, 'start.json');
  const previous = readRunningStart(file);
  if (previous !== undefined && previous.pid !== process.pid && isRunning(previous.pid) && commandLine(previous.pid).includes('start.ts')) {
    throw new Error(
      `Signet is running already in ${home} (process ${previous.pid}). Stop it first, or set SIGNET_HOME and the ports to start another.`,
    );
  }
  for (const { pid, mark } of previous?.processes ?? []) await endLeftover(pid, mark);

  const processes: { pid: number; mark: string }[] = [];
  const write = () => writePrivate(file, { pid: process.pid, processes } satisfies RunningStart);
  write();
  return {
    note: (pid, mark) => {
      // A part that is started again takes its predecessor's place.
      const at = processes.findIndex((noted) => noted.mark === mark);
      if (at === -1) processes.push({ pid, mark });
      else processes[at] = { pid, mark };
      write();
    },
    release: () => rmSync(file, { force: true }),
  };
}

async function endLeftover(pid: number, mark: string): Promise<void> {
  const isOurs = () => isRunning(pid) && commandLine(pid).includes(mark);
  if (!isOurs()) return;
  // The guard is noted first: waiting for it means that nothing else is left.
  if (await waitForEnd(pid, mark.endsWith('guard.ts') ? 12_000 : 500)) return;
  signalGroup(pid, 'SIGTERM');
  if (!(await waitForEnd(pid, 5_000)) && isOurs()) signalGroup(pid, 'SIGKILL');
}

function readRunningStart(file: string): RunningStart | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const pid = fieldOf(found, 'pid');
    const listed = fieldOf(found, 'processes');
    if (typeof pid !== 'number' || !Array.isArray(listed)) return undefined;
    const processes = listed.map((entry: unknown) => ({ pid: Number(fieldOf(entry, 'pid')), mark: textOf(entry, 'mark') }));
    return { pid, processes: processes.filter((entry) => Number.isSafeInteger(entry.pid) && entry.pid > 1) };
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
