import type { LogStream } from '@signet/domain/log/checkpoint';

/** A checkpoint of one log as it left. */
export interface SentCheckpoint {
  readonly stream: LogStream;
  readonly size: number;
  /** The signed note, to the byte. */
  readonly note: string;
}

/** Both logs' checkpoints of a sending as SQL makes them: null where nothing of a log was signed. */
export type SendingRow = readonly (Pick<SentCheckpoint, 'stream'> & { readonly size: number | null; readonly note: string | null })[];

/** SQL: both checkpoints of a row of `checkpoint_sending`. */
export const checkpointsOf = (alias: string) =>
  `json_build_array(json_build_object('stream', 'audit', 'size', ${alias}.audit_size, 'note', ${alias}.audit_note),
     json_build_object('stream', 'admin', 'size', ${alias}.admin_size, 'note', ${alias}.admin_note))`;

/** Those of them that there are. */
export function sentCheckpoints(row: SendingRow): SentCheckpoint[] {
  return row.flatMap(({ stream, size, note }) => (size === null || note === null ? [] : [{ stream, size, note }]));
}
