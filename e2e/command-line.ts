import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join, resolve } from 'node:path';
import { wholeEnvironment } from './env.ts';
import type { Signet } from './signet.ts';

const root = resolve(import.meta.dirname, '..');

/** What a command did. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `signet` on a running Signet, knowing no more of it than `SIGNET_HOME`, with nobody to be asked. */
export function signetCommand(signet: Signet, words: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const main = join(root, 'apps/cli/src/main.ts');
  return run(process.execPath, ['--conditions=@signet/source', main, ...words], signet, variables);
}

/** The same as the documents write it: from a clone, by npm. */
export function npmRunSignet(signet: Signet, words: readonly string[]): Promise<CommandResult> {
  return run('npm', ['run', '-s', 'signet', '--', ...words], signet, {});
}

/** Not synchronously: connections of this process would go stale unseen while it waits. */
async function run(program: string, args: readonly string[], signet: Signet, variables: NodeJS.ProcessEnv): Promise<CommandResult> {
  // Playwright asks its workers' children for colours, though nobody looks.
  const env = {
    ...wholeEnvironment,
    FORCE_COLOR: undefined,
    SIGNET_API_URL: '',
    SIGNET_API_KEY: '',
    XDG_CONFIG_HOME: signet.home,
    SIGNET_HOME: signet.home,
  };
  const child = spawn(program, args, { cwd: root, env: { ...env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
