import { parentPort, workerData } from 'node:worker_threads';
import { decode } from 'bmp-ts';
import { z } from 'zod';

/** What a thread is asked: the bytes of a BMP whose size and form were looked at before. */
const task = z.instanceof(Uint8Array);

/** Pixels as RGBA. */
export interface DecodedBmp {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** What the library keeps to itself: 0 where no part of a pixel means opacity. */
const opacity = z.object({ maskAlpha: z.number().default(0) });

const decodedByLibrary = decode(Buffer.from(task.parse(workerData)));
const { width, height, bitPP, data } = decodedByLibrary;
const hasOpacity = bitPP === 32 && opacity.parse(decodedByLibrary).maskAlpha !== 0;
const pixels = new Uint8Array(width * height * 4);
for (let at = 0; at < pixels.length; at += 4) {
  // The library writes ABGR, and no opacity where the file has none.
  pixels[at] = data[at + 3] ?? 0;
  pixels[at + 1] = data[at + 2] ?? 0;
  pixels[at + 2] = data[at + 1] ?? 0;
  pixels[at + 3] = hasOpacity ? (data[at] ?? 0) : 255;
}
const decoded: DecodedBmp = { width, height, pixels };
parentPort?.postMessage(decoded, [pixels.buffer]);
