import { createHash } from 'node:crypto';
import type { BlobSink } from './blob-store.ts';
import { compress } from './compression.ts';
import { freeAtOnce } from './free-at-once.ts';
import { GatheringSink } from './gathering-sink.ts';
import { readStoredPart } from './part-reader.ts';
import type { ByteRange } from './part-reader.ts';
import { frameLengthOf, SEGMENT_SIZE, segmentContext } from './segment.ts';
import type { ContentOwner } from './segment.ts';
import { partId } from './stored-part.ts';
import type { Compression, StoredPart, StoredSegment } from './stored-part.ts';
import { VaultError } from './vault-error.ts';

const FIRST_BUFFER = 64 * 1024;

/**
 * Writes the parts of one message, one after the other, into one blob. While it writes one it holds at most one segment of
 * plaintext and a quarter of a megabyte of ciphertext; in between, nothing. After an error only `abort` works.
 */
export class BlobWriter {
  readonly #sink: BlobSink;
  readonly #gathered: GatheringSink;
  readonly #owner: ContentOwner;
  readonly #written = new Set<string>();
  /** Plaintext of one segment; grows as needed. */
  #buffer: Buffer = Buffer.alloc(0);
  #state: 'idle' | 'writing' | 'closed' = 'idle';

  constructor(sink: BlobSink, owner: ContentOwner) {
    this.#sink = sink;
    this.#gathered = new GatheringSink(sink);
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
    const see = (chunk: Uint8Array) => {
      hash.update(chunk);
      size += chunk.length;
    };
    if (source instanceof Uint8Array) see(source);
    const plaintext = source instanceof Uint8Array ? source : watch(source, see);
    const stored = compression === 'zstd' ? await compress(plaintext) : plaintext;
    const segments: StoredSegment[] = [];
    for await (const { bytes, last } of stored instanceof Uint8Array ? cut(stored) : this.#gather(stored)) {
      segments.push(await this.#writeSegment(bytes, { part, compression, index: segments.length, last, size: bytes.length }));
    }
    await this.#gathered.flush();
    // A message may wait long for its next part, and many wait at once.
    freeAtOnce(this.#buffer);
    this.#buffer = Buffer.alloc(0);
    this.#state = 'idle';
    return { part, size, sha256: hash.digest('hex'), compression, segments };
  }

  /**
   * Plaintext of a part that was written to this blob, before its commit; another part may be written meanwhile. Each chunk is good
   * until the next one is asked for. Errors as of `Vault.readPart`.
   */
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

  async #writeSegment(bytes: Uint8Array, segment: Parameters<typeof segmentContext>[1]): Promise<StoredSegment> {
    const offset = this.#gathered.length;
    for await (const piece of this.#owner.key.encrypt(bytes, segmentContext(this.#owner, segment), frameLengthOf(bytes.length))) {
      await this.#gathered.add(piece);
      freeAtOnce(piece);
    }
    return { offset, length: this.#gathered.length - offset, size: bytes.length };
  }

  /** Fills one buffer again and again, and gives it out as a segment once it is known whether more follows. */
  async *#gather(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Segment> {
    let filled = 0;
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length;) {
        if (filled === SEGMENT_SIZE) {
          yield { bytes: this.#buffer, last: false };
          filled = 0;
        }
        const wanted = Math.min(SEGMENT_SIZE, filled + chunk.length - taken);
        if (wanted > this.#buffer.length) this.#grow(wanted);
        const piece = chunk.subarray(taken, taken + wanted - filled);
        this.#buffer.set(piece, filled);
        filled += piece.length;
        taken += piece.length;
      }
    }
    yield { bytes: this.#buffer.subarray(0, filled), last: true };
  }

  #grow(wanted: number): void {
    // Not from the pool: memory that is never filled is never taken.
    const larger = Buffer.allocUnsafeSlow(Math.min(SEGMENT_SIZE, Math.max(wanted, FIRST_BUFFER, 8 * this.#buffer.length)));
    larger.set(this.#buffer);
    freeAtOnce(this.#buffer);
    this.#buffer = larger;
  }
}

interface Segment {
  readonly bytes: Uint8Array;
  /** Whether nothing follows in this part. */
  readonly last: boolean;
}

/** Segments of bytes that are at hand, without a copy. */
async function* cut(bytes: Uint8Array): AsyncGenerator<Segment> {
  let start = 0;
  for (; bytes.length - start > SEGMENT_SIZE; start += SEGMENT_SIZE)
    yield { bytes: bytes.subarray(start, start + SEGMENT_SIZE), last: false };
  yield { bytes: bytes.subarray(start), last: true };
}

async function* watch(source: AsyncIterable<Uint8Array>, see: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}
