import { open, rename, rm, stat } from 'node:fs/promises';
import { NotDone, UsageError } from './failure.ts';
import { write } from './output.ts';

/** Bytes after which somebody who looks is told how far it has come. */
const PROGRESS_BYTES = 1024 * 1024;

/**
 * Takes what the API streams to standard output, no faster than that is read, or into a file, which has its name only once it is whole.
 * Nobody but the user may read the file: it tells who read what.
 * @throws {NotDone} when the stream breaks off; a file is left as it was, and what was written of the new one is removed.
 */
export async function takeStream(answer: Response, file: string | undefined): Promise<void> {
  if (file === undefined) return pass(answer, write);
  const there = await stat(file).catch(() => null);
  if (there && !there.isFile()) throw new UsageError(`${file} is no file: write to standard output instead.`);
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600).catch((error: unknown) => {
    throw new UsageError(`${part} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    await pass(answer, (chunk) => handle.writeFile(chunk));
    await handle.sync();
    await handle.close();
    await rename(part, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

async function pass({ body }: Response, take: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  if (!body) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  let bytes = 0;
  let told = 0;
  for (;;) {
    const step = await reader.read().catch((error: unknown) => {
      endProgress(told);
      throw new NotDone('It broke off before its end: what came is not whole. Try again.', { cause: error });
    });
    if (step.done) break;
    await take(step.value);
    bytes += step.value.length;
    if (process.stderr.isTTY && bytes - told >= PROGRESS_BYTES) {
      told = bytes;
      process.stderr.write(`\r${Math.floor(bytes / PROGRESS_BYTES)} MiB`);
    }
  }
  endProgress(told);
}

function endProgress(told: number): void {
  if (told > 0) process.stderr.write('\n');
}
