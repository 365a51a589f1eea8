type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Takes exact lengths out of chunks of any length, and asks for a chunk only when it needs one. Every chunk, and so all that is
 * handed out, is good only until the next one is asked for.
 */
export class ByteReader implements AsyncDisposable {
  readonly #chunks: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(chunks: Bytes) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /** All that was read and not taken yet, longer by a chunk than before. It stays to be taken. @throws when the chunks end. */
  async peekMore(): Promise<Buffer> {
    const before = Buffer.from(this.#rest);
    if (!(await this.#next())) throw endedEarly();
    if (before.length > 0) this.#rest = Buffer.concat([before, this.#rest]);
    return this.#rest;
  }

  /** The next bytes. @throws when the chunks end before. */
  async take(length: number): Promise<Buffer> {
    if (length <= this.#rest.length) return this.#cut(length);
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(length)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  /** The next bytes in pieces as they come, cut to `atMost`. @throws when the chunks end before. */
  async *pieces(length: number, atMost = length): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0;) {
      if (this.#rest.length === 0 && !(await this.#next())) throw endedEarly();
      const piece = this.#cut(Math.min(missing, atMost, this.#rest.length));
      missing -= piece.length;
      yield piece;
    }
  }

  /** Whether all was taken and no more comes. */
  async isAtEnd(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#next());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) await this.#chunks.return?.();
  }

  #cut(length: number): Buffer {
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return piece;
  }

  /** Replaces what is left by the next chunk that has any bytes. */
  async #next(): Promise<boolean> {
    while (!this.#ended) {
      // Stays so when it throws: there is nothing left to close then.
      this.#ended = true;
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.#ended = false;
      if (value.length === 0) continue;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return true;
    }
    return false;
  }
}

function endedEarly(): Error {
  return new Error('The bytes end early');
}
