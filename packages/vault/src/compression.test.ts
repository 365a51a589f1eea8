import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { compress, decompress } from './compression.ts';

async function* onceEach(whole: Buffer): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(1000);
  for (let at = 0; at < whole.length; at += chunk.length) {
    const length = whole.copy(chunk, 0, at, at + chunk.length);
    yield chunk.subarray(0, length);
    chunk.fill(0);
  }
}

async function* inOne(compressed: AsyncIterable<Uint8Array> | Uint8Array): AsyncGenerator<Uint8Array> {
  if (compressed instanceof Uint8Array) yield compressed;
  else yield* compressed;
}

test.each([5_000, 900_000])('%d bytes from a source whose chunks are good only until the next come back as they were', async (size) => {
  const content = randomBytes(size);
  const back: Buffer[] = [];
  for await (const chunk of decompress(inOne(await compress(onceEach(content))), size)) back.push(Buffer.from(chunk));
  expect(Buffer.concat(back).equals(content)).toBe(true);
});
