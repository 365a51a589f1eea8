import { open } from 'node:fs/promises';

/** Puts a folder's entries on disk: what was made in it or renamed into it stays after a power cut. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
