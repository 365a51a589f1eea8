import { closest } from 'fastest-levenshtein';
import { UsageError } from './failure.ts';

/** One `name=value` of a command line; undefined where there is a name alone. */
export interface Word {
  readonly name: string;
  readonly value: string | undefined;
}

/** Parts a word at its first `=`. @throws {UsageError} where it has no name */
export function readWord(word: string): Word {
  const at = word.indexOf('=');
  if (at === 0 || word === '') throw new UsageError(`${word || 'An empty word'}: write it as name=value.`);
  return at === -1 ? { name: word, value: undefined } : { name: word.slice(0, at), value: word.slice(at + 1) };
}

/** A word's value. @throws {UsageError} where it has none */
export function valueOf({ name, value }: Word): string {
  if (value === undefined) throw new UsageError(`${name}: write it as ${name}=value.`);
  return value;
}

/** @throws {UsageError} saying what was perhaps meant */
export function unknownName(what: string, name: string, known: readonly string[]): never {
  throw new UsageError(`There is no ${what} ${name}. Did you mean ${closest(name, known)}?`);
}

/** A text: `null` takes away what is set, and `"null"` is the word itself. */
export function textOrNull(written: string): string | null {
  if (written === 'null') return null;
  return written === '"null"' ? 'null' : written;
}
