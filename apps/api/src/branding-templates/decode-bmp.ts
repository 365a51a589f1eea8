import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { DecodedBmp } from './bmp-worker.ts';

/** How long a thread may take for one picture. */
const DECODE_MILLISECONDS = 60_000;
/** Twice the pixels' bytes, the file, and what a thread is made of. */
const THREAD_MEBIBYTES = 256;

const OWN_EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

const decodedBmp = z.object({ width: z.int(), height: z.int(), pixels: z.instanceof(Uint8Array<ArrayBuffer>) });

/** What the head of a BMP says: enough to refuse it before anything is reserved for it. Null where the head is not whole. */
export function bmpHead(bytes: Buffer): { pixels: number; depth: number; compression: number; width: number } | null {
  if (bytes.length < 54) return null;
  const width = bytes.readUInt32LE(18);
  return {
    width,
    pixels: width * Math.abs(bytes.readInt32LE(22)),
    depth: bytes.readUInt16LE(28),
    compression: bytes.readUInt32LE(30),
  };
}

/** Decodes a BMP in a thread of its own, since the library computes for a while. @throws when it is broken, or takes too long. */
export async function decodeBmp(bytes: Buffer): Promise<DecodedBmp> {
  const worker = new Worker(new URL(`./bmp-worker${OWN_EXTENSION}`, import.meta.url), {
    workerData: Uint8Array.from(bytes),
    // From sources the thread needs the export condition that this process was started with.
    execArgv: OWN_EXTENSION === '.ts' ? ['--conditions=@signet/source'] : [],
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEBIBYTES },
    stdout: true,
    stderr: true,
  });
  const timer = setTimeout(() => void worker.terminate(), DECODE_MILLISECONDS);
  try {
    return await new Promise<DecodedBmp>((resolve, reject) => {
      worker.once('message', (message) => resolve(decodedBmp.parse(message)));
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('The thread ended without a picture')));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
