import { createHmac, createSecretKey, hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Length in bytes of the random salt that stands beside every entry of a log. */
export const SALT_LENGTH = 32;

/**
 * RFC 8785 (JSON Canonicalization Scheme) text of a JSON value.
 * @throws {TypeError} when the value has no JSON form, such as `undefined`.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no JSON form');
  return text;
}

/** The canonical text of an audit entry or admin record as it is hashed: everything but its place in the log. */
export function canonicalRecord(record: object): string {
  const { logIndex: _, ...hashed } = record as { logIndex?: unknown };
  return canonicalJson(hashed);
}

/**
 * The log entry of a record: HMAC-SHA-256 under its own random salt (32 bytes) of its canonical text. Whoever has the
 * record and its salt can prove that it is in the log; once both are erased, nothing can be guessed from what stays.
 * @returns 32 bytes, the leaf's content in the RFC 6962 tree.
 */
export function logEntryOf(record: object, salt: Uint8Array): Uint8Array {
  return logEntryOfText(canonicalRecord(record), salt);
}

/** The same of a record's canonical text (`canonicalRecord`). */
export function logEntryOfText(text: string, salt: Uint8Array): Uint8Array {
  if (salt.length !== SALT_LENGTH) throw new RangeError(`A salt has ${SALT_LENGTH} bytes, not ${salt.length}`);
  // As a key object: made of bytes, the HMAC takes twice as long to set up.
  return createHmac('sha256', createSecretKey(salt)).update(text, 'utf8').digest();
}

/** SHA-256 of an event's canonical text: tells a repeated event from another one under the same id. 32 bytes. */
export function contentHashOf(event: object): Uint8Array {
  return hash('sha256', canonicalJson(event), 'buffer');
}
