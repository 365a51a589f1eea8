import type { Duplex } from 'node:stream';
import { freeWithLast } from './free-at-once.ts';

type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Feeds one of zlib's streams as fast as its reader takes, and takes both down together: on an error, at the end, or when the reader
 * leaves. Each chunk of the input is asked for once the stream is done with the one before; each that is given out is good until
 * the next one is asked for.
 */
export async function* flowThrough(stream: Duplex, input: Bytes): AsyncGenerator<Uint8Array> {
  const left = new AbortController();
  // An error may come before or after somebody listens for it; the reading below reports it.
  stream.on('error', () => left.abort());
  const feeding = feed(stream, input, left.signal).catch((error: unknown) => {
    if (!left.signal.aborted) stream.destroy(error instanceof Error ? error : new Error('The input failed', { cause: error }));
  });
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      yield chunk;
      // zlib cuts its chunks off one buffer after the other, and knows a buffer no more once it is used up.
      freeWithLast(chunk);
    }
  } finally {
    left.abort();
    stream.destroy();
    await feeding;
  }
}

async function feed(stream: Duplex, input: Bytes, left: AbortSignal): Promise<void> {
  for await (const chunk of input) {
    if (left.aborted) return;
    await written(stream, chunk, left);
  }
  if (!left.aborted) stream.end();
}

function written(stream: Duplex, chunk: Uint8Array, left: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      left.removeEventListener('abort', done);
      resolve();
    };
    left.addEventListener('abort', done, { once: true });
    stream.write(chunk, done);
  });
}
