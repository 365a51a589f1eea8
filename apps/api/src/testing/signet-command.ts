import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What a command did. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line's own program against a test's api, with nobody to be asked. @param input what it finds on standard input */
export async function signetCommand(
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  words: readonly string[],
  input = '',
): Promise<CommandResult> {
  const program = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@signet/source', program, ...words], {
    env: { SIGNET_API_URL: url, SIGNET_API_KEY: apiKey },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
