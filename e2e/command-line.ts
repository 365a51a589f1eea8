import { spawnSync } from 'node:child_process';
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
export function signetCommand(signet: Signet, words: readonly string[], variables: NodeJS.ProcessEnv = {}): CommandResult {
  const main = join(root, 'apps/cli/src/main.ts');
  return run(process.execPath, ['--conditions=@signet/source', main, ...words], signet, variables);
}

/** The same as the documents write it: from a clone, by npm. */
export function npmRunSignet(signet: Signet, words: readonly string[]): CommandResult {
  return run('npm', ['run', '-s', 'signet', '--', ...words], signet, {});
}

function run(program: string, args: readonly string[], signet: Signet, variables: NodeJS.ProcessEnv): CommandResult {
  // Playwright asks its workers' children for colours, though nobody looks.
  const env = {
    ...wholeEnvironment,
    FORCE_COLOR: undefined,
    SIGNET_API_URL: '',
    SIGNET_API_KEY: '',
    XDG_CONFIG_HOME: signet.home,
    SIGNET_HOME: signet.home,
  };
  const ended = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...env, ...variables }, maxBuffer: 2 ** 26 });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}
