import type { BlobSource } from './blob-store.ts';
import { decompress } from './compression.ts';
import { segmentContext } from './segment.ts';
import type { ContentOwner } from './segment.ts';
import { storedPart } from './stored-part.ts';
import type { StoredPart } from './stored-part.ts';
import { VaultError } from './vault-error.ts';

/** Bytes of a part's plaintext; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Plaintext of a part, or of a range of it, from its blob, in chunks. Only bytes of authenticated frames of the right
 * context are yielded; the end without an error means that all of them were. Each chunk is good until the next one is asked for.
 * @throws {VaultError} `layout_invalid` and `range_invalid` before anything is read; `context_mismatch`,
 *   `decryption_failed`, `blob_truncated`, `storage_unavailable`.
 */
export async function* readStoredPart(
  source: BlobSource,
  owner: ContentOwner,
  part: StoredPart,
  range?: ByteRange,
): AsyncGenerator<Uint8Array> {
  const whole = range === undefined || (range.start === 0 && range.end === part.size);
  const { start, end } = range ?? { start: 0, end: part.size };
  checkLayout(part, source.length);
  const inOrder = Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end && end <= part.size;
  if (!inOrder) throw new VaultError('range_invalid', `The part has ${part.size} bytes, asked for were ${start} to ${end}`);
  if (start === end && !whole) return;

  if (part.compression === 'none') yield* readSegments(source, owner, part, start, end);
  else yield* readCompressed(source, owner, part, start, end);
}

function checkLayout(part: StoredPart, blobLength: number): void {
  const sizes = part.segments.reduce((sum, segment) => sum + segment.size, 0);
  const consistent =
    storedPart.safeParse(part).success &&
    part.segments.every((segment) => segment.offset + segment.length <= blobLength) &&
    (part.compression !== 'none' || sizes === part.size);
  if (!consistent) throw new VaultError('layout_invalid', 'The recorded layout of this part is not that of its blob');
}

/** Stored bytes from `start` to `end` (of the compressed part, when it is). Touches only the segments that hold them. */
async function* readSegments(
  source: BlobSource,
  owner: ContentOwner,
  { part, compression, segments }: StoredPart,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let segmentStart = 0;
  for (const [index, { offset, length, size }] of segments.entries()) {
    const segmentEnd = segmentStart + size;
    // A segment of no bytes is read too: that is how an empty part is authenticated.
    const wanted = size === 0 || (segmentStart < end && start < segmentEnd);
    if (wanted) {
      const context = segmentContext(owner, { part, compression, index, last: index === segments.length - 1, size });
      const plaintext = owner.key.decrypt(source.read(offset, offset + length), context);
      let position = segmentStart;
      for await (const chunk of plaintext) {
        if (position + chunk.length > segmentEnd) throw wrongSize();
        const slice = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
        position += chunk.length;
        if (slice.length > 0) yield slice;
        // Not at the segment's own end: then its final frame is still to be authenticated.
        if (position >= end && end < segmentEnd) return;
      }
      if (position !== segmentEnd) throw wrongSize();
    }
    segmentStart = segmentEnd;
  }
}

/** A range of a compressed part: decompressed from the start, since compression has no places to enter at. */
async function* readCompressed(
  source: BlobSource,
  owner: ContentOwner,
  part: StoredPart,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const compressed = readSegments(source, owner, part, 0, Number.MAX_SAFE_INTEGER);
  let position = 0;
  for await (const chunk of decompress(compressed, part.size)) {
    if (position + chunk.length > part.size) throw wrongSize();
    const slice = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += chunk.length;
    if (slice.length > 0) yield slice;
    if (position >= end && end < part.size) return;
  }
  if (position !== part.size) throw wrongSize();
}

function wrongSize(): VaultError {
  return new VaultError('layout_invalid', 'The part does not have the recorded size');
}
