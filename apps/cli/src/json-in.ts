import type { BodyOf, Route } from '@signet/api-contract/route';
import { z } from 'zod';
import { UsageError } from './failure.ts';
import { wholeTextIn } from './file-in.ts';

/** An object as JSON has it, whatever its fields are. */
export type JsonObject = Readonly<Record<string, unknown>>;

const object = z.record(z.string(), z.unknown());

/** The one JSON object that a file holds, or standard input (`-`): what `show --json` wrote. @throws {UsageError} where it holds something else */
export function jsonObjectIn(file: string): JsonObject {
  const read = object.safeParse(parsed(file, wholeTextIn(file)));
  if (!read.success) throw new UsageError(`${file} must hold one object of JSON, as show --json writes it.`);
  return read.data;
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** An object without the fields of these names. */
export function without(given: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}

/**
 * What a person wrote as the body of a request. The api checks all of it, and what it refuses it names by its field, which a check here
 * could only do in other words.
 */
export function asBody<R extends Route>(_route: R, written: JsonObject): BodyOf<R> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return written as BodyOf<R>;
}

/** A word's value: what is JSON is that, any other is a text. */
export function jsonOrText(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}
