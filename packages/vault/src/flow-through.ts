import type { Duplex } from 'node:stream';

type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Feeds a stream as fast as its reader takes, and takes both down together: on an error, at the end, or when the reader leaves. */
export async function* flowThrough(stream: Duplex, input: Bytes): AsyncGenerator<Uint8Array> {
  const left = new AbortController();
  // An error may come before or after somebody listens for it; the reading below reports it.
  stream.on('error', () => left.abort());
  const feeding = feed(stream, input, left.signal).catch((error: unknown) => {
    if (!left.signal.aborted) stream.destroy(error instanceof Error ? error : new Error('The input failed', { cause: error }));
  });
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) yield chunk;
  } finally {
    left.abort();
    stream.destroy();
    await feeding;
  }
}

async function feed(stream: Duplex, input: Bytes, left: AbortSignal): Promise<void> {
  for await (const chunk of input) {
    if (left.aborted) return;
    if (!stream.write(chunk)) await drained(stream, left);
  }
  if (!left.aborted) stream.end();
}

function drained(stream: Duplex, left: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done);
      left.removeEventListener('abort', done);
      resolve();
    };
    stream.once('drain', done);
    left.addEventListener('abort', done, { once: true });
  });
}
