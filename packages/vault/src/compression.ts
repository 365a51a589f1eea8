import { constants, createZstdCompress, createZstdDecompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { flowThrough } from './flow-through.ts';
import { VaultError } from './vault-error.ts';

/** Up to so many bytes are compressed in one call: under a millisecond, where setting up a stream costs several. */
const AT_ONCE = 256 * 1024;
const CHUNK_LENGTH = 64 * 1024;

/**
 * How far back zstd looks in a long source, as a power of two, and the size of its tables. Left to itself it takes over 3 MiB for each
 * stream that is written or read; mail has what repeats itself near by, and attachments in base64 have nothing at all.
 */
const SMALL_WINDOW = {
  [constants.ZSTD_c_windowLog]: 18,
  [constants.ZSTD_c_hashLog]: 15,
  [constants.ZSTD_c_chainLog]: 15,
};

type Source = AsyncIterable<Uint8Array> | Uint8Array;

/** Compresses with zstd: a short source at once, a long one as it comes, each chunk good until the next. @throws what `source` throws. */
export async function compress(source: Source): Promise<Source> {
  if (source instanceof Uint8Array) return source.length <= AT_ONCE ? zstdCompressSync(source) : compressStream([source]);
  const chunks = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let length = 0; length <= AT_ONCE;) {
    const { done, value } = await chunks.next();
    if (done) return zstdCompressSync(Buffer.concat(head));
    // A copy: the source's chunk is good only until the next one is asked for.
    head.push(Buffer.from(value));
    length += value.length;
  }
  return compressStream(resume(head, chunks));
}

/**
 * Decompresses what `compress` made of `size` bytes. Each chunk is good until the next one is asked for.
 * @throws {VaultError} `layout_invalid` when it was not made so; or what `compressed` throws.
 */
export async function* decompress(compressed: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  try {
    if (size <= AT_ONCE) {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of compressed) {
        chunks.push(Buffer.from(chunk));
        length += chunk.length;
        // zstd makes nothing longer by more than a few bytes: the size was changed in the record.
        if (length > 2 * AT_ONCE) throw new VaultError('layout_invalid', 'The part does not have the recorded size');
      }
      yield zstdDecompressSync(Buffer.concat(chunks), { chunkSize: CHUNK_LENGTH, maxOutputLength: Math.max(1, size) });
    } else {
      yield* flowThrough(createZstdDecompress({ chunkSize: 2 * CHUNK_LENGTH }), compressed);
    }
  } catch (error) {
    if (error instanceof VaultError) throw error;
    throw new VaultError('layout_invalid', 'The part was not compressed as recorded', { cause: error });
  }
}

function compressStream(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return flowThrough(createZstdCompress({ chunkSize: CHUNK_LENGTH, params: SMALL_WINDOW }), chunks);
}

async function* resume(head: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
