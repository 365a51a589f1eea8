import { setImmediate as pause } from 'node:timers/promises';

/** Records that are written without a pause, which other requests would wait for. */
const SLICE = 100;

/** Batches in slices that are written at once. A batch without anything is one too: whoever takes them sees that it goes on. */
export async function* slicesOf<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[]> {
  for await (const batch of batches) {
    if (batch.length === 0) yield batch;
    for (let start = 0; start < batch.length; start += SLICE) {
      yield batch.slice(start, start + SLICE);
      await pause();
    }
  }
}
