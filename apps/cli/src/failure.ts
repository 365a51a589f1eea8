import { ApiProblem, UnaskableError, UnexpectedAnswer } from '@signet/api-contract/client';
import type { Problem } from '@signet/api-contract/problem';
import { printable } from './printable.ts';

/** What the command ends with. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** The command line, or the configuration behind it, is not right: nothing was asked of the API. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for was not done: what it is about is not there, or whoever was asked said no. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** What a failure says to people, and the exit code that it means. */
export interface Explanation {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** @throws what it is given where that is a fault of ours. */
export function explain(error: unknown, json: boolean): Explanation {
  if (error instanceof ApiProblem) {
    return { lines: json ? [JSON.stringify(error.problem)] : linesOf(error.problem), exitCode: exitCodes.refused };
  }
  if (error instanceof UsageError) return { lines: [`signet: ${printable(error.message)}`], exitCode: exitCodes.usage };
  if (error instanceof NotDone) return { lines: [`signet: ${printable(error.message)}`], exitCode: exitCodes.refused };
  if (error instanceof UnexpectedAnswer) {
    return { lines: [`signet: ${error.message}. Is it Signet’s API, of this version?`], exitCode: exitCodes.unreachable };
  }
  // An empty word, or one that a URL takes for a folder, names nothing.
  if (error instanceof UnaskableError) {
    const mend = 'it is empty, or made of dots. Give it as the list shows it; in a script, see whether a variable is empty.';
    return { lines: [`signet: This names no ${wordsOf(error.parameter)}: ${mend}`], exitCode: exitCodes.usage };
  }
  // What fetch throws when there is no answer.
  if (error instanceof TypeError && error.cause instanceof Error) {
    return { lines: [`signet: The API cannot be reached: ${reasonOf(error.cause)}`], exitCode: exitCodes.unreachable };
  }
  throw error;
}

function linesOf(problem: Problem): string[] {
  const { title, code, detail, errors = [], candidates = [], retryAfterSeconds } = problem;
  return [
    `signet: ${title} (${code})`,
    ...(detail === title ? [] : [`  ${printable(detail)}`]),
    ...errors.map(({ pointer, detail: what }) => `  ${printable(pointer)}: ${printable(what)}`),
    ...candidates.map(({ id, acceptedAt, sender, subject }) => `  ${id}  ${acceptedAt}  ${printable(sender)}  ${printable(subject ?? '')}`),
    ...(retryAfterSeconds === undefined ? [] : [`  Try again in ${retryAfterSeconds} s.`]),
    ...(code === 'unauthenticated' ? ['  The key may be revoked, or of another installation.'] : []),
  ];
}

/** A parameter's name as people write it: `dkimKey` becomes `dkim key`. */
function wordsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Several addresses were tried: each has its reason. */
function reasonOf(cause: Error): string {
  return cause instanceof AggregateError ? cause.errors.map((error: unknown) => String(error)).join('; ') : cause.message;
}
