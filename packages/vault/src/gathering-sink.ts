import type { BlobSink } from './blob-store.ts';

const BUFFER_LENGTH = 256 * 1024;

/** Gathers small pieces into few writes, in one buffer that is used again and again. One call at a time. */
export class GatheringSink {
  readonly #sink: BlobSink;
  #buffer: Buffer | null = null;
  #filled = 0;

  constructor(sink: BlobSink) {
    this.#sink = sink;
  }

  /** Bytes added until now. */
  get length(): number {
    return this.#sink.length + this.#filled;
  }

  /** Takes a copy; writes when there is enough. @throws {VaultError} `storage_full`, `storage_unavailable`. */
  async add(bytes: Uint8Array): Promise<void> {
    // Not from the pool: memory that is never filled is never taken.
    this.#buffer ??= Buffer.allocUnsafeSlow(BUFFER_LENGTH);
    for (let taken = 0; taken < bytes.length;) {
      if (this.#filled === BUFFER_LENGTH) await this.flush();
      const piece = bytes.subarray(taken, taken + BUFFER_LENGTH - this.#filled);
      this.#buffer.set(piece, this.#filled);
      this.#filled += piece.length;
      taken += piece.length;
    }
  }

  /** Writes what is left. @throws {VaultError} `storage_full`, `storage_unavailable`. */
  async flush(): Promise<void> {
    if (this.#filled === 0 || !this.#buffer) return;
    await this.#sink.append(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
