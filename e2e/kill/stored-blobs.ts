import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningSystem } from './running-system.ts';

/** What a folder of blobs and a database full of messages say of each other. */
export interface BlobComparison {
  readonly blobs: number;
  /** Blobs that no message has, by their path. */
  readonly orphans: string[];
  /** Messages whose blob is gone or of another length. */
  readonly missing: string[];
  readonly unfinished: string[];
}

/** Compares the blobs on disk with the messages. */
export async function compareBlobs({ home, query }: RunningSystem): Promise<BlobComparison> {
  // Blobs first: a blob is there before its message.
  const files = filesUnder(join(home, 'blobs'));
  // Checkpoints of the logs lie beside the blobs, and are of no message.
  const blobs = files.filter((path) => !/\/\.(trash|unfinished|notes)\//.test(path));
  const lengths = new Map(
    blobs.map((path) => [
      path
        .split('/')
        .slice(-3)
        .filter((_, at) => at !== 1)
        .join('/'),
      statSync(path, { throwIfNoEntry: false })?.size,
    ]),
  );
  const messages = await query<{ blob: string; length: string; message_id: string }>(
    `select organization_id || '/' || blob_name as blob, blob_length as length, message_id from message`,
  );
  const known = new Set(messages.map(({ blob }) => blob));
  return {
    blobs: blobs.length,
    orphans: [...lengths.keys()].filter((name) => !known.has(name)),
    missing: messages.flatMap(({ blob, length, message_id: id }) => (lengths.get(blob) === Number(length) ? [] : [id])),
    unfinished: files.filter((path) => path.includes('/.unfinished/')),
  };
}

/** Makes every blob look as if it had been written two days ago: old enough for the sweep. */
export function ageBlobs({ home }: RunningSystem): void {
  const then = new Date(Date.now() - 2 * 24 * 3600 * 1000);
  for (const path of filesUnder(join(home, 'blobs'))) utimesSync(path, then, then);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
