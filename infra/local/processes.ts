import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether a process with this id exists (a zombie does not count). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    return !/^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

/** Signals a whole process group, and the process itself where it leads none; a process that is gone already is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group or process: try the other form, or nothing is left to signal.
    }
  }
}

/** The command line of a running process, '' when it cannot be read. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return process.platform === 'linux' ? '' : spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.trim();
  }
}

/** Waits until a process has ended; false when it still runs after the time, in milliseconds. */
export async function waitForEnd(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** Tells the guard which process groups must not outlive this process. */
export interface Guard {
  readonly pid: number;
  /** Ends the group of `pid` with `signal` (SIGKILL later) should this process die; at once where the guard was closed: nobody else would. */
  watch(pid: number, signal: 'SIGINT' | 'SIGTERM'): void;
  /** `pid` has ended; its number may soon be another's. */
  forget(pid: number): void;
  /** Ends the guard, and with it whatever is still watched. */
  close(): Promise<void>;
}

/**
 * Starts the guard process (see guard.ts). It is in a session of its own, so that neither Ctrl-C nor a killed group reaches it. Should it
 * be killed, another one takes its place and is told everything again.
 * @param onStart told the number of each guard that is started
 */
export function startGuard(onStart: (pid: number) => void = () => undefined): Guard {
  const watched = new Map<number, NodeJS.Signals>();
  let closing = false;
  const start = () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('guard.ts', import.meta.url))], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.unref();
    child.stdin.on('error', () => undefined);
    child.once('exit', () => {
      if (!closing) current = start();
    });
    for (const [pid, signal] of watched) child.stdin.write(`watch ${pid} ${signal}\n`);
    if (child.pid !== undefined) onStart(child.pid);
    return child;
  };
  let current = start();
  return {
    get pid() {
      return current.pid ?? 0;
    },
    watch: (pid, signal) => {
      if (closing) return signalGroup(pid, 'SIGKILL');
      watched.set(pid, signal);
      current.stdin.write(`watch ${pid} ${signal}\n`);
    },
    forget: (pid) => {
      watched.delete(pid);
      current.stdin.write(`forget ${pid}\n`);
    },
    close: async () => {
      closing = true;
      if (!isRunning(current.pid ?? 0)) current = start();
      const ended = new Promise<void>((resolve) => current.once('close', () => resolve()));
      current.ref();
      current.stdin.end();
      await ended;
    },
  };
}
