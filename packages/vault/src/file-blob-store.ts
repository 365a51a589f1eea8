import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, opendir, readFile, rename, rm, stat, statfs, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobSink, BlobSource, BlobStore, ListedBlob, NoteName } from './blob-store.ts';
import { FileBlobSink, openFileSource } from './file-blob-sink.ts';
import type { HealthFinding } from './health-finding.ts';
import { syncFolder } from './sync-folder.ts';
import { storageErrorOf, VaultError } from './vault-error.ts';

const UNFINISHED = '.unfinished';
const TRASH = '.trash';
const NOTES = '.notes';
const NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const REMEMBERED_FOLDERS = 65_536;

/** Below so many free bytes the store says that it is not healthy. */
const MINIMUM_FREE_BYTES = 256 * 1024 * 1024;

/**
 * Blobs as files: `<organization>/<first two digits of the name>/<name>`. Writers work in `.unfinished`, the trash is
 * `.trash/<organization>/<name>`, notes are `.notes/<organization>/<name>`. All under one root, on one file system, so that a rename is enough.
 */
export class FileBlobStore implements BlobStore {
  readonly #root: string;
  /** Folders whose own entry is known to be on disk. */
  readonly #durableFolders = new Set<string>();

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(root: string): Promise<FileBlobStore> {
    const store = new FileBlobStore(root);
    await store.#attempt(() => mkdir(join(root, UNFINISHED), { recursive: true, mode: 0o700 }));
    return store;
  }

  async createBlob(organizationId: string): Promise<BlobSink> {
    const blobName = randomUUID();
    const target = this.#pathOf(organizationId, blobName);
    const path = join(this.#root, UNFINISHED, `${organizationId}.${blobName}`);
    return this.#attempt(async () => {
      const file = await open(path, 'wx', 0o600);
      return new FileBlobSink({ blobName, file, path, publish: () => this.#publish(path, target) });
    });
  }

  async openBlob(organizationId: string, blobName: string): Promise<BlobSource> {
    const path = this.#pathOf(organizationId, blobName);
    return this.#found(() => openFileSource(path));
  }

  async statBlob(organizationId: string, blobName: string): Promise<ListedBlob> {
    const path = this.#pathOf(organizationId, blobName);
    return this.#found(async () => {
      const { size, mtime } = await stat(path);
      return { organizationId, blobName, length: size, writtenAt: mtime };
    });
  }

  async moveToTrash(organizationId: string, blobName: string): Promise<void> {
    const path = this.#pathOf(organizationId, blobName);
    return this.#found(() => this.#trash(path, organizationId, blobName));
  }

  async *listTrash(): AsyncGenerator<ListedBlob> {
    for await (const organizationId of this.#entries(join(this.#root, TRASH))) {
      if (!NAME.test(organizationId)) continue;
      for await (const blobName of this.#entries(join(this.#root, TRASH, organizationId))) {
        if (!NAME.test(blobName)) continue;
        const found = await this.#found(() => stat(this.#trashPathOf(organizationId, blobName))).catch(goneIsNull);
        if (found) yield { organizationId, blobName, length: found.size, writtenAt: found.mtime };
      }
    }
  }

  async restoreFromTrash(organizationId: string, blobName: string): Promise<void> {
    const from = this.#trashPathOf(organizationId, blobName);
    const target = this.#pathOf(organizationId, blobName);
    return this.#found(async () => {
      await this.#publish(from, target);
      await syncFolder(dirname(from));
    });
  }

  async removeFromTrash(organizationId: string, blobName: string): Promise<void> {
    const path = this.#trashPathOf(organizationId, blobName);
    return this.#found(() => unlink(path));
  }

  async *listBlobs(writtenBefore: Date): AsyncGenerator<ListedBlob> {
    for await (const organizationId of this.#entries(this.#root)) {
      if (!NAME.test(organizationId)) continue;
      for await (const shard of this.#entries(join(this.#root, organizationId))) {
        for await (const blobName of this.#entries(join(this.#root, organizationId, shard))) {
          if (!NAME.test(blobName)) continue;
          const listed = await this.statBlob(organizationId, blobName).catch(goneIsNull);
          if (listed && listed.writtenAt < writtenBefore) yield listed;
        }
      }
    }
  }

  async trashUnfinished(writtenBefore: Date): Promise<number> {
    let count = 0;
    for await (const entry of this.#entries(join(this.#root, UNFINISHED))) {
      const [organizationId = '', blobName = ''] = entry.split('.');
      if (!NAME.test(organizationId) || !NAME.test(blobName)) continue;
      const path = join(this.#root, UNFINISHED, entry);
      const moved = await this.#found(async () => {
        const { mtime } = await stat(path);
        if (mtime >= writtenBefore) return null;
        await this.#trash(path, organizationId, blobName);
        return true;
      }).catch(goneIsNull);
      if (moved) count += 1;
    }
    return count;
  }

  async readNote(organizationId: string, name: NoteName): Promise<string | null> {
    return this.#found(() => readFile(this.#notePathOf(organizationId, name), 'utf8')).catch(goneIsNull);
  }

  /** Written and synced beside its place, then renamed into it: a crash leaves the note before or this one, whole. */
  async writeNote(organizationId: string, name: NoteName, text: string): Promise<void> {
    const target = this.#notePathOf(organizationId, name);
    const path = `${target}.${randomUUID()}`;
    await this.#attempt(async () => {
      await this.#makeFolder(dirname(target));
      try {
        await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });
        await rename(path, target);
      } finally {
        await rm(path, { force: true });
      }
      await syncFolder(dirname(target));
    });
  }

  async checkHealth(): Promise<HealthFinding> {
    try {
      await access(join(this.#root, UNFINISHED), constants.R_OK | constants.W_OK | constants.X_OK);
      const { bavail, bsize } = await statfs(this.#root);
      const free = bavail * bsize;
      return { subject: 'blob_store', healthy: free >= MINIMUM_FREE_BYTES, detail: `${Math.floor(free / 2 ** 20)} MiB free` };
    } catch (error) {
      return { subject: 'blob_store', healthy: false, detail: storageErrorOf(error).message };
    }
  }

  /**
   * Order of writes of a commit; the sink has synced the file's own bytes before.
   * 1. the folders exist and their entries are on disk: a crash leaves empty folders
   * 2. rename: a crash leaves the blob under either name, whole; under the old one the sweep of unfinished ones finds it
   * 3. the folder is synced: from here on the blob stays
   */
  async #publish(from: string, target: string): Promise<void> {
    const shard = dirname(target);
    await this.#makeFolder(shard);
    await rename(from, target);
    await syncFolder(shard);
  }

  async #trash(from: string, organizationId: string, blobName: string): Promise<void> {
    const folder = join(this.#root, TRASH, organizationId);
    await this.#makeFolder(folder);
    // Since when it lies in the trash. First, since one that looked old there would be removed too early.
    const now = new Date();
    await utimes(from, now, now);
    await rename(from, join(folder, blobName));
    await syncFolder(folder);
    await syncFolder(dirname(from));
  }

  /** Makes a folder two below the root. Who made it does not matter, only that both entries are synced once by this process. */
  async #makeFolder(folder: string): Promise<void> {
    if (this.#durableFolders.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(folder));
    await syncFolder(this.#root);
    if (this.#durableFolders.size >= REMEMBERED_FOLDERS) this.#durableFolders.clear();
    this.#durableFolders.add(folder);
  }

  /** Only well-formed names make a path: nothing from outside can lead out of the root. */
  #pathOf(organizationId: string, blobName: string): string {
    if (!NAME.test(organizationId) || !NAME.test(blobName)) throw new VaultError('blob_not_found', 'There is no such blob');
    return join(this.#root, organizationId, blobName.slice(0, 2), blobName);
  }

  #notePathOf(organizationId: string, name: NoteName): string {
    if (!NAME.test(organizationId)) throw new VaultError('blob_not_found', 'There is no such organization');
    return join(this.#root, NOTES, organizationId, name);
  }

  #trashPathOf(organizationId: string, blobName: string): string {
    if (!NAME.test(organizationId) || !NAME.test(blobName)) throw new VaultError('blob_not_found', 'There is no such blob');
    return join(this.#root, TRASH, organizationId, blobName);
  }

  /** Names in a folder; none when it is not there. */
  async *#entries(folder: string): AsyncGenerator<string> {
    const entries = await this.#found(() => opendir(folder)).catch(goneIsNull);
    if (!entries) return;
    try {
      for await (const entry of entries) yield entry.name;
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  /** An operation on something that may not be there. */
  #found<T>(operation: () => Promise<T>): Promise<T> {
    return this.#attempt(() =>
      operation().catch((error: unknown) => {
        const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        throw missing ? new VaultError('blob_not_found', 'There is no such blob', { cause: error }) : error;
      }),
    );
  }

  async #attempt<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw storageErrorOf(error);
    }
  }
}

/** What went while it was looked at is simply not there any more. */
function goneIsNull(error: unknown): null {
  if (error instanceof VaultError && error.code === 'blob_not_found') return null;
  throw error;
}
