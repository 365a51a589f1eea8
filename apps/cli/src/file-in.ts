import { createReadStream, readFileSync } from 'node:fs';
import { UsageError } from './failure.ts';

/** What a file holds, or standard input (`-`). */
export function fileIn(file: string): Buffer<ArrayBuffer> {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The text of a file, or of standard input (`-`), as it is read: of any size. */
export async function* textIn(file: string): AsyncGenerator<string, void, undefined> {
  try {
    yield* file === '-' ? process.stdin.setEncoding('utf8') : createReadStream(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A secret that a file holds, or standard input: everybody on a machine sees a command's options. */
export function secretIn(file: string): string {
  return fileIn(file).toString('utf8').trim();
}
