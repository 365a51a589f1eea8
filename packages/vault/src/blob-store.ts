import type { HealthFinding } from './health-finding.ts';

/** Bytes that can be read at any place. Ranges are in bytes, `end` exclusive. */
export interface BlobSource {
  /** Length in bytes when it was opened. */
  readonly length: number;
  /**
   * The bytes of a range in chunks of the source's choosing. Each is good until the next one is asked for: its memory is used again.
   * @throws {VaultError} `blob_truncated` when the bytes end before the range does.
   */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A blob being written. It exists for readers of the store only after `commit`. */
export interface BlobSink {
  /** The name it will have. Names are never reused. */
  readonly blobName: string;
  /** Bytes appended until now. */
  readonly length: number;
  /** Appends; once it resolves, the bytes can be read back through `openWritten`. One call at a time. */
  append(bytes: Uint8Array): Promise<void>;
  /** What was appended until now, for reading before the commit. The caller closes it; it outlives commit and abort. */
  openWritten(): Promise<BlobSource>;
  /** Makes the blob durable and visible: after it resolves, no crash or power cut loses the blob. */
  commit(): Promise<void>;
  /** Leaves nothing behind. Does nothing after `commit` or a second time. */
  abort(): Promise<void>;
}

export interface ListedBlob {
  readonly organizationId: string;
  readonly blobName: string;
  readonly length: number;
  readonly writtenAt: Date;
}

/**
 * Port to where ciphertext lies. Every method throws `VaultError`: `storage_full`, `storage_unavailable`, and
 * `blob_not_found` where it takes a blob's name. Organization ids and blob names are lower-case UUIDs.
 */
export interface BlobStore {
  createBlob(organizationId: string): Promise<BlobSink>;
  openBlob(organizationId: string, blobName: string): Promise<BlobSource>;
  statBlob(organizationId: string, blobName: string): Promise<ListedBlob>;
  /** Takes a blob out of the store but keeps its bytes, so that a mistaken sweep can be undone. */
  moveToTrash(organizationId: string, blobName: string): Promise<void>;
  /** The trash, in no order; `writtenAt` says since when a blob lies there. */
  listTrash(): AsyncIterable<ListedBlob>;
  /** Takes a blob out of the trash again. */
  restoreFromTrash(organizationId: string, blobName: string): Promise<void>;
  /** Removes a blob from the trash for good. */
  removeFromTrash(organizationId: string, blobName: string): Promise<void>;
  /** Committed blobs that were last written before a moment, in no order: what the sweep compares with the database. */
  listBlobs(writtenBefore: Date): AsyncIterable<ListedBlob>;
  /** Moves what writers left behind when their process died, last written before a moment, to the trash. Returns how many. */
  trashUnfinished(writtenBefore: Date): Promise<number>;
  /** A short text that is no blob and that the sweeps leave alone; null where there is none. */
  readNote(organizationId: string, name: NoteName): Promise<string | null>;
  /** Puts such a text in the place of the one before, wholly or not at all: once it resolves, no crash or power cut loses it. */
  writeNote(organizationId: string, name: NoteName, text: string): Promise<void>;
  checkHealth(): Promise<HealthFinding>;
}

/** Notes that are kept: the last checkpoint of each of an organization's logs. */
export type NoteName = 'audit-checkpoint' | 'admin-checkpoint';
