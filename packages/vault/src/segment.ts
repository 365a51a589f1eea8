import type { EncryptionContext } from './encrypted-message.ts';
import type { EnvelopeKey } from './envelope-key.ts';
import type { Compression } from './stored-part.ts';

/** Plaintext bytes of every segment of a part but the last one, which has at most as many. */
export const SEGMENT_SIZE = 1024 * 1024;

/** Plaintext bytes of a frame of a segment that has more than one of them: half of what a reader will hold, and as quick as a whole one. */
export const LARGE_FRAME_LENGTH = 512 * 1024;

const SMALL_FRAME_LENGTH = 64 * 1024;

/** The message that content belongs to, and the key that encrypts it. */
export interface ContentOwner {
  readonly organizationId: string;
  readonly messageUid: string;
  readonly key: EnvelopeKey;
}

/** Long frames are quickest; small segments have small ones, so that their first byte comes soon. */
export function frameLengthOf(size: number): number {
  return size > LARGE_FRAME_LENGTH ? LARGE_FRAME_LENGTH : SMALL_FRAME_LENGTH;
}

/**
 * What a segment is bound to. `last` instead of a count, since the count of a streamed part is not known at its first
 * segment: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
 * Nonce-Reuse Misuse-Resistance, 2015). The format is final.
 */
export function segmentContext(
  owner: ContentOwner,
  segment: { part: string; compression: Compression; index: number; last: boolean; size: number },
): EncryptionContext {
  return {
    purpose: 'signet segment v1',
    organization: owner.organizationId,
    message: owner.messageUid,
    part: segment.part,
    compression: segment.compression,
    segment: String(segment.index),
    last: String(segment.last),
    size: String(segment.size),
  };
}
