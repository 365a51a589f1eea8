import { readCheckpoint, type Checkpoint } from './checkpoint.ts';
import { NoteError, type NoteKey } from './signed-note.ts';
import { rootOfTiles, TileMissingError, type TileReader } from './tile.ts';

/** A checkpoint with the note that says it. */
interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
}

/** A log as the database has it, and its last checkpoint as blob storage has it. */
export interface LogState {
  /** Log entries that there are. */
  readonly entries: number;
  /** The last checkpoint that was signed; null before the first one. */
  readonly signed: SignedCheckpoint | null;
  readonly isPublished: boolean;
  /** The note in blob storage; null where there is none. */
  readonly kept: SignedCheckpoint | { readonly note: string; readonly unread: string } | null;
  /** Tiles at the edge of both checkpoints. */
  readonly tileAt: TileReader;
}

/**
 * Why nothing may be signed. `restorable`: an operator who restored an older database on purpose may go on with it; the others are
 * contradictions within the database, with which nobody can go on.
 */
export interface LogDoubt {
  readonly kind: 'entries_missing' | 'tiles_differ' | 'checkpoint_missing' | 'database_behind' | 'checkpoint_differs';
  readonly restorable: boolean;
  readonly detail: string;
}

/**
 * Whether a log is what was signed before: on doubt nothing is signed, for a second history under the same name cannot be taken
 * back. Blob storage may be behind, as after a crash; the database may not.
 */
export function doubtOf({ entries, signed, isPublished, kept, tileAt }: LogState): LogDoubt | null {
  const size = signed?.size ?? 0;
  if (entries < size) {
    return within('entries_missing', `The database has ${entries} log entries, and the last checkpoint that it signed has ${size}`);
  }
  if (signed && !hasRoot(signed, tileAt)) {
    return within('tiles_differ', `The tiles in the database do not give the root of the checkpoint of size ${size} that it signed`);
  }
  if (kept === null) {
    if (!isPublished) return null;
    return restorable('checkpoint_missing', `Blob storage has no checkpoint of the log, and one of size ${size} was published`);
  }
  if (kept.note === signed?.note) return null;
  if ('unread' in kept) return restorable('checkpoint_differs', `The checkpoint in blob storage is not the log’s: ${kept.unread}`);
  if (kept.size > size) {
    return restorable(
      'database_behind',
      `The checkpoint in blob storage has ${kept.size} entries, and the database knows of ${size}: it is an older database than the one that signed it`,
    );
  }
  if (!hasRoot(kept, tileAt)) {
    return restorable(
      'checkpoint_differs',
      `The log in the database is another one than that of which blob storage has a checkpoint, of size ${kept.size}`,
    );
  }
  return null;
}

/** A note of the log, where one of these keys has signed it; else why not. */
export function readSigned(note: string, keys: readonly NoteKey[]): SignedCheckpoint | { readonly note: string; readonly unread: string } {
  let unread = 'there is no key to read it with';
  for (const key of keys) {
    try {
      return { ...readCheckpoint(note, key), note };
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      unread = error.message;
    }
  }
  return { note, unread };
}

function hasRoot({ size, root }: Checkpoint, tileAt: TileReader): boolean {
  try {
    return Buffer.from(root).equals(rootOfTiles(size, tileAt));
  } catch (error) {
    if (error instanceof TileMissingError) return false;
    throw error;
  }
}

function within(kind: LogDoubt['kind'], detail: string): LogDoubt {
  return { kind, detail, restorable: false };
}

function restorable(kind: LogDoubt['kind'], detail: string): LogDoubt {
  return { kind, detail, restorable: true };
}
