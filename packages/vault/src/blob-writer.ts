import { createHash } from 'node:crypto';
import { createZstdCompress } from 'node:zlib';
import type { BlobSink } from './blob-store.ts';
import { flowThrough } from './flow-through.ts';
import { readStoredPart } from './part-reader.ts';
import type { ByteRange } from './part-reader.ts';
import { frameLengthOf, SEGMENT_SIZE, segmentContext } from './segment.ts';
import type { ContentOwner } from './segment.ts';
import { partId } from './stored-part.ts';
import type { Compression, StoredPart, StoredSegment } from './stored-part.ts';
import { VaultError } from './vault-error.ts';

const FIRST_BUFFER = 64 * 1024;
const LARGE_PIECE = 256 * 1024;

/**
 * Writes the parts of one message, one after the other, into one blob. It holds at most one segment of plaintext and about
 * one frame of ciphertext. After an error only `abort` works.
 */
export class BlobWriter {
  readonly #sink: BlobSink;
  readonly #owner: ContentOwner;
  readonly #written = new Set<string>();
  #state: 'idle' | 'writing' | 'closed' = 'idle';

  constructor(sink: BlobSink, owner: ContentOwner) {
    this.#sink = sink;
    this.#owner = owner;
  }

  /**
   * Encrypts and stores a part. Two parts of a blob never have the same id.
   * @returns where it lies, to be kept for reading it.
   * @throws {VaultError} `writer_closed`, `layout_invalid` for a bad or repeated id, `storage_full`, `storage_unavailable`;
   *   or what `source` throws.
   */
  async writePart(
    part: string,
    source: AsyncIterable<Uint8Array> | Uint8Array,
    { compression = 'none' }: { compression?: Compression } = {},
  ): Promise<StoredPart> {
    if (this.#state !== 'idle') throw new VaultError('writer_closed', `A part cannot be written now: the writer is ${this.#state}`);
    if (!partId.safeParse(part).success || this.#written.has(part)) {
      throw new VaultError('layout_invalid', 'A part needs an id of its own: letters, digits, dots, dashes');
    }
    this.#written.add(part);
    // Left so by an error: what was half written must never be committed.
    this.#state = 'writing';
    const hash = createHash('sha256');
    let size = 0;
    const plaintext = mapChunks(source, (chunk) => {
      hash.update(chunk);
      size += chunk.length;
    });
    const stored = compression === 'zstd' ? flowThrough(createZstdCompress({ chunkSize: FIRST_BUFFER }), plaintext) : plaintext;
    const segments = await this.#writeSegments(part, compression, stored);
    this.#state = 'idle';
    return { part, size, sha256: hash.digest('hex'), compression, segments };
  }

  /** Plaintext of a part that was written to this blob, before its commit; another part may be written meanwhile. Errors as of `Vault.readPart`. */
  async *readBack(part: StoredPart, range?: ByteRange): AsyncGenerator<Uint8Array> {
    const source = await this.#sink.openWritten();
    try {
      yield* readStoredPart(source, this.#owner, part, range);
    } finally {
      await source.close();
    }
  }

  /**
   * Makes the blob durable: after this resolves no crash loses it.
   * @returns what has to be kept beside the parts for reading them.
   */
  async commit(): Promise<{ blobName: string; length: number }> {
    if (this.#state !== 'idle') throw new VaultError('writer_closed', `The blob cannot be committed now: the writer is ${this.#state}`);
    this.#state = 'closed';
    await this.#sink.commit();
    return { blobName: this.#sink.blobName, length: this.#sink.length };
  }

  /** Leaves nothing behind; does nothing after a commit. */
  async abort(): Promise<void> {
    this.#state = 'closed';
    await this.#sink.abort();
  }

  /** Fills one buffer again and again, and writes it out as a segment once it is known whether more follows. */
  async #writeSegments(part: string, compression: Compression, chunks: AsyncIterable<Uint8Array>): Promise<StoredSegment[]> {
    const segments: StoredSegment[] = [];
    let buffer = Buffer.allocUnsafe(FIRST_BUFFER);
    let filled = 0;
    const flush = async (last: boolean) => {
      const plaintext = buffer.subarray(0, filled);
      const context = segmentContext(this.#owner, { part, compression, index: segments.length, last, size: filled });
      const offset = this.#sink.length;
      await this.#append(this.#owner.key.encrypt(plaintext, context, frameLengthOf(filled)));
      segments.push({ offset, length: this.#sink.length - offset, size: filled });
      filled = 0;
    };
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length;) {
        if (filled === SEGMENT_SIZE) await flush(false);
        const wanted = Math.min(SEGMENT_SIZE, filled + chunk.length - taken);
        if (wanted > buffer.length) {
          const larger = Buffer.allocUnsafe(Math.min(SEGMENT_SIZE, Math.max(wanted, 8 * buffer.length)));
          buffer.copy(larger, 0, 0, filled);
          buffer = larger;
        }
        const piece = chunk.subarray(taken, taken + wanted - filled);
        buffer.set(piece, filled);
        filled += piece.length;
        taken += piece.length;
      }
    }
    await flush(true);
    return segments;
  }

  /** The SDK's output comes in pieces from 4 bytes to a frame: small ones are gathered, large ones are not copied. */
  async #append(pieces: AsyncIterable<Uint8Array>): Promise<void> {
    let pending: Uint8Array[] = [];
    let length = 0;
    const flush = async () => {
      if (length > 0) await this.#sink.append(Buffer.concat(pending));
      pending = [];
      length = 0;
    };
    for await (const piece of pieces) {
      if (piece.length < LARGE_PIECE) {
        pending.push(piece);
        length += piece.length;
        if (length < LARGE_PIECE) continue;
        await flush();
      } else {
        await flush();
        await this.#sink.append(piece);
      }
    }
    await flush();
  }
}

async function* mapChunks(source: AsyncIterable<Uint8Array> | Uint8Array, see: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    see(source);
    yield source;
    return;
  }
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}
