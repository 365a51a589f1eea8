import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Name of the header field that marks every mail Signet sends, so that intake knows its own wrapper when it comes back. */
export const LOOP_HEADER_NAME = 'X-Signet-Loop';

/** What the loop header vouches for. Both are identifiers; neither opens anything. */
interface LoopMark {
  /** UUID of the message whose wrapper carries the header. */
  readonly messageUid: string;
  /** UUID of the recipient whom that wrapper went to; not the link token. */
  readonly recipientId: string;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const LOOP_VALUE = new RegExp(`^v=1; m=(${UUID}); r=(${UUID}); s=([A-Za-z0-9_-]{43})$`);

function signature(key: KeyObject, mark: LoopMark): Buffer {
  return createHmac('sha256', key).update(`signet-loop-v1\n${mark.messageUid}\n${mark.recipientId}`).digest();
}

/**
 * The value of the loop header of one wrapper mail: `v=1; m=<message uuid>; r=<recipient uuid>; s=<base64url HMAC-SHA-256>`, ASCII, 131 characters.
 * @throws RangeError when an identifier is not a lower-case UUID, so that no foreign text reaches a header line.
 */
export function makeLoopHeader(key: KeyObject, mark: LoopMark): string {
  const value = `v=1; m=${mark.messageUid}; r=${mark.recipientId}; s=${signature(key, mark).toString('base64url')}`;
  if (!LOOP_VALUE.test(value)) throw new RangeError('A loop header binds two lower-case UUIDs.');
  return value;
}

const TRANSIT_VALUE = new RegExp(`\\bid (${UUID})\\.([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])`);

function transitSignature(key: KeyObject, messageUid: string): Buffer {
  return createHmac('sha256', key).update(`signet-transit-v1\n${messageUid}`).digest();
}

/**
 * The `id` of the Received field of a message that passes through: `<message uuid>.<base64url HMAC-SHA-256>`. A message that passes
 * unchanged can carry no other mark.
 */
export function makeTransitId(key: KeyObject, messageUid: string): string {
  return `${messageUid}.${transitSignature(key, messageUid).toString('base64url')}`;
}

/** Whether a Received field is Signet's own, as far as one of `keys` has signed it. */
export function isOwnReceivedField(keys: readonly KeyObject[], value: string): boolean {
  const [, messageUid, given] = TRANSIT_VALUE.exec(value.replace(/\s+/g, ' ')) ?? [];
  if (messageUid === undefined || given === undefined) return false;
  const claimed = Buffer.from(given, 'base64url');
  return keys.some((key) => timingSafeEqual(transitSignature(key, messageUid), claimed));
}

/**
 * Reads a loop header that came in. Answers what it vouches for, or null when it is malformed or not signed by one of `keys`
 * (several while keys rotate). Anybody can write the header, so an unsigned one proves nothing and refuses nothing.
 * White space is collapsed first: relays fold long lines.
 */
export function verifyLoopHeader(keys: readonly KeyObject[], value: string): LoopMark | null {
  const match = LOOP_VALUE.exec(value.trim().replace(/\s+/g, ' '));
  const [, messageUid, recipientId, given] = match ?? [];
  if (messageUid === undefined || recipientId === undefined || given === undefined) return null;
  const mark = { messageUid, recipientId };
  const claimed = Buffer.from(given, 'base64url');
  return keys.some((key) => timingSafeEqual(signature(key, mark), claimed)) ? mark : null;
}
