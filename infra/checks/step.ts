import { spawn } from 'node:child_process';
import type { Guard } from '../local/processes.ts';
import { repositoryRoot } from '../local/repository-root.ts';

/** What a step found: one for a check, as many as there are tests for a suite. */
export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  /** Shown when something failed. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly guard: Guard;
}

/** Runs a program to its end, with all its output; a program that cannot be run has exit code 127. */
export function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? repositoryRoot,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) options.guard.watch(pid, 'SIGTERM');
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}` }));
    child.once('close', (code) => {
      if (pid !== undefined) options.guard.forget(pid);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** A check that passes when the program ends with 0. */
export async function check(command: readonly [string, ...string[]], options: CommandOptions): Promise<StepResult> {
  const { code, output } = await runCommand(command, options);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}

/** Runs steps one after the other, says each one's name, time and result, and sums up. */
export class StepRunner {
  passed = 0;
  failed = 0;
  readonly failures: string[] = [];
  #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  async run(name: string, work: () => Promise<StepResult>): Promise<boolean> {
    const begin = performance.now();
    let result: StepResult;
    try {
      result = await work();
    } catch (error) {
      result = { passed: 0, failed: 1, output: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    this.passed += result.passed;
    this.failed += result.failed;
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    const good = result.failed === 0;
    const count = result.passed + result.failed > 1 ? `, ${result.passed} passed${good ? '' : `, ${result.failed} failed`}` : '';
    this.#say(`${good ? 'ok  ' : 'FAIL'} ${name} (${seconds} s${count})`);
    if (!good) {
      this.failures.push(name);
      this.#say(result.output.split('\n').slice(-200).join('\n').trimEnd());
    }
    return good;
  }
}
