import { createReadStream, readFileSync } from 'node:fs';
import { decodeSlices, decodeText, EncodingError } from '@signet/domain/decode-text';
import { UsageError } from './failure.ts';

/** What a file holds, or standard input (`-`). */
export function fileIn(file: string): Buffer<ArrayBuffer> {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The whole text of a file, or of standard input (`-`), without a byte order mark. @throws {UsageError} where it is no text */
export function wholeTextIn(file: string): string {
  const bytes = fileIn(file);
  try {
    return decodeText(bytes);
  } catch (error) {
    if (error instanceof EncodingError) throw new UsageError(`${file} ${error.message}`, { cause: error });
    throw error;
  }
}

/** The text of a file, or of standard input (`-`), as it is read: of any size. @throws {UsageError} at the first bytes that are no text */
export async function* textIn(file: string): AsyncGenerator<string, void, undefined> {
  try {
    yield* decodeSlices(file === '-' ? process.stdin : createReadStream(file));
  } catch (error) {
    if (error instanceof EncodingError) throw new UsageError(`${file} ${error.message}`, { cause: error });
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A secret that a file holds, or standard input: everybody on a machine sees a command's options. */
export function secretIn(file: string): string {
  return fileIn(file).toString('utf8').trim();
}
