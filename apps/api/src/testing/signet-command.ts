import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What a command did. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command line as somebody in a script does, with nobody to be asked: from its sources, in an environment of nothing but these variables.
 * @param input what it finds on standard input; nothing unless said.
 */
export async function signetCommand(
  words: readonly string[],
  variables: NodeJS.ProcessEnv,
  input?: string | Uint8Array,
): Promise<CommandResult> {
  const main = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@signet/source', main, ...words], {
    env: { ...variables, SIGNET_HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that ends without reading it closes it.
  child.stdin.on('error', () => undefined).end(input);
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
