import { z } from 'zod';

/** Names a part within its message. Part of the encryption context, so it stands in the blob in clear: never put content in it. */
export const partId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const byteCount = z.int().nonnegative();

/** One encrypted piece of a part: where its ciphertext lies in the blob, and how many plaintext bytes it holds. */
export const storedSegment = z.strictObject({
  offset: byteCount,
  length: z.int().positive(),
  size: byteCount,
});
export type StoredSegment = z.infer<typeof storedSegment>;

/** Where and how a part of a message is stored. Kept in the database as JSON; the shape is final. */
export const storedPart = z.strictObject({
  part: partId,
  /** Bytes of the part itself, before compression. */
  size: byteCount,
  /** SHA-256 of the part itself, before compression, in lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What was done before encryption; then the segments' sizes count compressed bytes. */
  compression: z.enum(['none', 'zstd']),
  /** In the order of the plaintext; an empty part has one segment of size 0. */
  segments: z.array(storedSegment).min(1),
});
export type StoredPart = z.infer<typeof storedPart>;
export type Compression = StoredPart['compression'];
