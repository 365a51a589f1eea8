import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Hexadecimal characters of the signature: with the rest the part before the @ has 63 octets, of 64 that are allowed (RFC 5321, 4.5.3.1.1). */
const SIGNATURE_LENGTH = 28;

/** Lower-case letters and digits alone: some systems change the case of what they send back. */
const LOCAL_PART = new RegExp(`^b-([0-9a-f]{32})-([0-9a-f]{${SIGNATURE_LENGTH}})$`);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function signature(key: KeyObject, recipientId: string): string {
  return createHmac('sha256', key).update(`signet-bounce-v1\n${recipientId}`).digest('hex').slice(0, SIGNATURE_LENGTH);
}

/**
 * The envelope sender of one recipient's wrapper mail (a variable envelope return path): what cannot be delivered comes back to it, and so
 * names the recipient by itself. It is signed, so that nobody else makes one up.
 * @param domain whose mail goes to the gateway.
 * @throws RangeError when the id is not a lower-case UUID.
 */
export function makeBounceAddress(key: KeyObject, recipientId: string, domain: string): string {
  if (!UUID.test(recipientId)) throw new RangeError('A bounce address names a recipient by a lower-case UUID.');
  return `b-${recipientId.replaceAll('-', '')}-${signature(key, recipientId)}@${domain}`;
}

/**
 * The recipient and the domain of a bounce address, or null for any other address and one that none of `keys` (several while keys
 * rotate) has signed.
 */
export function readBounceAddress(
  keys: readonly KeyObject[],
  address: string,
): { readonly recipientId: string; readonly domain: string } | null {
  const at = address.lastIndexOf('@');
  const [, hex, given] = LOCAL_PART.exec(address.slice(0, Math.max(at, 0)).toLowerCase()) ?? [];
  if (hex === undefined || given === undefined) return null;
  const recipientId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  const claimed = Buffer.from(given);
  const isOurs = keys.some((key) => timingSafeEqual(Buffer.from(signature(key, recipientId)), claimed));
  return isOurs ? { recipientId, domain: address.slice(at + 1).toLowerCase() } : null;
}
