import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { BlobSink, BlobSource } from './blob-store.ts';
import { freeAtOnce } from './free-at-once.ts';
import { storageErrorOf, VaultError } from './vault-error.ts';

/** Long reads cost fewer system calls. Each of many readers holds one. */
const READ_LENGTH = 256 * 1024;

/** A file open for reading as a blob's source. @throws the file system's error. */
export async function openFileSource(path: string): Promise<BlobSource> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return { length: size, read: (start, end) => readRange(file, start, end), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* readRange(file: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(Math.min(READ_LENGTH, end - start));
  try {
    for (let position = start; position < end;) {
      const length = Math.min(buffer.length, end - position);
      const { bytesRead } = await file.read(buffer, 0, length, position).catch((error: unknown) => {
        throw storageErrorOf(error);
      });
      if (bytesRead === 0) throw new VaultError('blob_truncated', `The blob ends at ${position} instead of ${end}`);
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    freeAtOnce(buffer);
  }
}

/** A blob being written to a file that gets its final name at the commit. */
export class FileBlobSink implements BlobSink {
  readonly blobName: string;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #publish: () => Promise<void>;
  #length = 0;
  #state: 'open' | 'committing' | 'committed' | 'aborted' = 'open';

  /** @param options.publish gives the written and synced file its final name, durably. */
  constructor(options: { blobName: string; file: FileHandle; path: string; publish: () => Promise<void> }) {
    this.blobName = options.blobName;
    this.#file = options.file;
    this.#path = options.path;
    this.#publish = options.publish;
  }

  get length(): number {
    return this.#length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#length);
        done += bytesWritten;
        this.#length += bytesWritten;
      }
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  async openWritten(): Promise<BlobSource> {
    this.#mustBeOpen();
    try {
      return await openFileSource(this.#path);
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  async commit(): Promise<void> {
    this.#mustBeOpen();
    // Stays so when it fails: after a failed sync, a second one may succeed although the bytes are lost.
    this.#state = 'committing';
    try {
      await this.#file.sync();
      await this.#publish();
      this.#state = 'committed';
      await this.#file.close();
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  async abort(): Promise<void> {
    if (this.#state === 'committed' || this.#state === 'aborted') return;
    this.#state = 'aborted';
    try {
      await this.#file.close();
      // By force: after a commit that failed late it may have its final name already, and is the sweep's.
      await rm(this.#path, { force: true });
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  #mustBeOpen(): void {
    if (this.#state !== 'open') throw new VaultError('writer_closed', `Nothing can be written to this blob any more: ${this.#state}`);
  }
}
