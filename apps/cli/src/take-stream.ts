import { open, rename, rm, stat } from 'node:fs/promises';
import { COMPLETE_HEADER, INDEXED_THROUGH_HEADER, LOG_SIZE_HEADER } from '@signet/api-contract/audit-entries';
import { NotDone, UsageError } from './failure.ts';
import { note, write } from './output.ts';

/** Bytes after which somebody who looks is told how far it has come. */
const PROGRESS_BYTES = 1024 * 1024;

/**
 * Takes what the API streams to standard output, no faster than that is read, or into a file, which has its name only once it is whole.
 * Nobody but the user may read the file: it tells who read what.
 * @param isWholeLog whether it has a line for each place of the log, but for what is gone: then somebody who looks is told how much of it has come.
 * @throws {NotDone} when the stream breaks off; a file is left as it was, and what was written of the new one is removed.
 */
export async function takeStream(answer: Response, file: string | undefined, { isWholeLog = false } = {}): Promise<void> {
  const size = isWholeLog ? Number(answer.headers.get(LOG_SIZE_HEADER)) : 0;
  if (file === undefined) return pass(answer, size, write);
  const there = await stat(file).catch(() => null);
  if (there && !there.isFile()) throw new UsageError(`${file} is no file: write to standard output instead.`);
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600).catch((error: unknown) => {
    throw new UsageError(`${part} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    await pass(answer, size, (chunk) => handle.writeFile(chunk));
    await handle.sync();
    await handle.close();
    await rename(part, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

/** Says what a reading of a log may lack, where it may lack something. */
export function saySureness({ headers }: Response): void {
  if (headers.get(COMPLETE_HEADER) === 'false')
    note(
      `Something is still on its way into the log, which has all that was recorded before ${headers.get(INDEXED_THROUGH_HEADER) ?? 'this began'}.`,
    );
}

async function pass({ body }: Response, size: number, take: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  if (!body) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  let bytes = 0;
  let lines = 0;
  let told = 0;
  for (;;) {
    const step = await reader.read().catch((error: unknown) => {
      endProgress(told);
      throw new NotDone('It broke off before its end: what came is not whole. Try again.', { cause: error });
    });
    if (step.done) break;
    await take(step.value);
    bytes += step.value.length;
    if (!process.stderr.isTTY) continue;
    if (size > 0) lines += linesIn(step.value);
    if (bytes - told < PROGRESS_BYTES) continue;
    told = bytes;
    process.stderr.write(`\r${progressWords({ bytes, lines, size })}`);
  }
  endProgress(told);
}

const LINE_FEED = 0x0a;

function linesIn(chunk: Uint8Array): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** How far an export has come. @param size lines that there will be; 0 where nobody knows. Blanks cover what was longer before. */
export function progressWords({ bytes, lines, size }: { readonly bytes: number; readonly lines: number; readonly size: number }): string {
  const words = `${Math.floor(bytes / PROGRESS_BYTES)} MiB`;
  return size > 0 ? `${words}, ${Math.min(100, Math.floor((100 * lines) / size))} % of ${size} entries` : words;
}

function endProgress(told: number): void {
  if (told > 0) process.stderr.write('\n');
}
