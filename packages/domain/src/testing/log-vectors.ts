import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const place = { path: z.string(), level: z.int(), number: z.int(), width: z.int() };

/** What another implementation makes of the same leaves: Go's tlog and note, which the checksum database of Go lives by. */
export const logVectors = z
  .object({
    roots: z.array(z.object({ size: z.int(), root: z.string() })),
    proofs: z.array(z.object({ index: z.int(), size: z.int(), length: z.int(), sha256: z.string() })),
    tiles: z.array(z.object({ ...place, size: z.int(), sha256: z.string() })),
    paths: z.array(z.object(place)),
    note: z.object({ text: z.string(), note: z.string(), keys: z.array(z.string()), seedBytes: z.array(z.int()) }),
  })
  .parse(JSON.parse(readFileSync(new URL('../../test-data/log-vectors.json', import.meta.url), 'utf8')));

/** The log entries of the vectors. */
export function vectorEntry(index: number): Uint8Array {
  return createHash('sha256').update(`entry ${index}`).digest();
}
