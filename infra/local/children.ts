import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { repositoryRoot } from './repository-root.ts';
import { signalGroup } from './processes.ts';
import type { Guard } from './processes.ts';

export interface ChildOptions {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly guard: Guard;
}

/** A process of ours that runs until it is stopped. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it ends, asked for or not, with words that say how. */
  readonly ended: Promise<string>;
  /** Asks it to end, makes it after 35 seconds, and waits. */
  stop(): Promise<void>;
  /** How it ended, and the last lines of its log: for people. */
  summary(how: string): string;
}

/** As long as the slowest of them takes to finish what it has in hand. */
const graceMilliseconds = 35_000;

/** Starts a process in a group of its own, so that Ctrl-C reaches only this one, with its output in a log file. */
export function startChild({ name, command, env, logFile, guard }: ChildOptions): Child {
  const log = openSync(logFile, 'a', 0o600);
  const begin = statSync(logFile).size;
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: repositoryRoot, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${String(code)}` : signal));
  });
  const pid = child.pid ?? 0;
  if (child.pid !== undefined) guard.watch(pid, 'SIGTERM');
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  void ended.then(() => guard.forget(pid));
  return {
    name,
    pid,
    ended,
    stop: async () => {
      if (!running()) return;
      signalGroup(pid, 'SIGTERM');
      const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMilliseconds);
      await ended;
      clearTimeout(force);
    },
    summary: (how) => {
      const lines = readFileSync(logFile).subarray(begin).toString('utf8').trimEnd().split('\n');
      return [`${name} ended (${how}). The end of ${logFile}:`, ...lines.slice(-15).map((line) => `  ${line}`)].join('\n');
    },
  };
}

/**
 * Runs a command of ours to its end.
 * @returns what it wrote to standard output
 * @throws Error with its last lines when it fails
 */
export function runToEnd(name: string, command: readonly [string, ...string[]], env: NodeJS.ProcessEnv, guard: Guard): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const child = spawn(program, args, { cwd: repositoryRoot, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const { pid } = child;
    if (pid !== undefined) guard.watch(pid, 'SIGTERM');
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => reject(new Error(`${name} cannot be run: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (pid !== undefined) guard.forget(pid);
      if (code === 0) resolve(stdout);
      else
        reject(
          new Error(`${name} failed (${signal ?? `exit code ${String(code)}`}):\n${output.trimEnd().split('\n').slice(-40).join('\n')}`),
        );
    });
  });
}
