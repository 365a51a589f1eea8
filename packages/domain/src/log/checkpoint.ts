import { HASH_LENGTH } from './merkle-tree.ts';
import { NoteError, verifiedText, type NoteKey } from './signed-note.ts';

/** The two logs of an organization. */
export const logStreams = ['audit', 'admin'] as const;
export type LogStream = (typeof logStreams)[number];

/** Statement of a log's size and root at a moment (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** The name of a log, and of the keys that sign it. @param publicUrl where people reach this installation. */
export function logOrigin(publicUrl: string, organizationId: string, stream: LogStream): string {
  return `${new URL(publicUrl).host}/logs/${organizationId}/${stream}`;
}

/** Whose log a name names, and which of the two; null for a name that no log of Signet's has. */
export function readLogOrigin(origin: string): { readonly organizationId: string; readonly stream: LogStream } | null {
  const [, organizationId, name] = /^[^/]+\/logs\/([^/]+)\/([^/]+)$/.exec(origin) ?? [];
  const stream = logStreams.find((each) => each === name);
  return organizationId === undefined || stream === undefined ? null : { organizationId, stream };
}

/** The text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Reads a checkpoint's text; lines behind the third are extensions, which say nothing here. @throws {NoteError} */
export function readCheckpointText(text: string): Checkpoint {
  const [origin = '', count = '', encoded = '', ...rest] = text.split('\n');
  const root = Buffer.from(encoded, 'base64');
  const size = /^(0|[1-9]\d*)$/.test(count) ? Number(count) : Number.NaN;
  const isWhole = origin !== '' && Number.isSafeInteger(size) && root.length === HASH_LENGTH && root.toString('base64') === encoded;
  if (!isWhole || rest.length === 0) throw new NoteError('This is no checkpoint of a log');
  return { origin, size, root };
}

/** A checkpoint that the log's key has signed. @throws {NoteError} also for the checkpoint of another log than the key's. */
export function readCheckpoint(note: string, key: NoteKey): Checkpoint {
  const checkpoint = readCheckpointText(verifiedText(note, key));
  if (checkpoint.origin !== key.name) throw new NoteError(`The checkpoint is of the log ${checkpoint.origin}, the key of ${key.name}`);
  return checkpoint;
}
