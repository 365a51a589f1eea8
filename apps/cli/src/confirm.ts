import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { NotDone, UsageError } from './failure.ts';
import { note } from './output.ts';

/** Whether somebody is there to be asked. */
export function isTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Says what will happen and asks whether to go on. Where nobody can be asked, what can be taken back is done, since a script says what it
 * means; what cannot be taken back needs `--yes`.
 * @throws {NotDone} when the answer is not yes; {UsageError} when `--yes` is needed
 */
export async function confirm(
  { yes, reversible }: { readonly yes: boolean | undefined; readonly reversible: boolean },
  consequences: () => Promise<readonly string[]>,
): Promise<void> {
  if (yes === true) return;
  if (!isTerminal()) {
    if (reversible) return;
    throw new UsageError('This cannot be undone, and nobody can be asked here: add --yes.');
  }
  for (const line of await consequences()) note(line);
  if (!/^y(es)?$/i.test((await ask('Go on? [y/N] ')) ?? '')) throw new NotDone('Nothing was done.');
}

/** Asks a question on the terminal. Undefined: the input ended, or Ctrl-C, which is no answer, not even an empty one. */
export async function ask(question: string): Promise<string | undefined> {
  return answerTo(question, createInterface({ input: process.stdin, output: process.stderr }));
}

/** The same for a secret: what is typed or pasted is not shown. */
export async function askSecret(question: string): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // First, for it ends the terminal's own echo: what is pasted as soon as the question stands there is not shown either.
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  const answer = await answerTo('', terminal);
  process.stderr.write('\n');
  return answer;
}

async function answerTo(question: string, terminal: Interface): Promise<string | undefined> {
  try {
    const ended = new Promise<undefined>((done) => terminal.once('close', () => done(undefined)));
    return (await Promise.race([terminal.question(question), ended]))?.trim();
  } finally {
    terminal.close();
  }
}
