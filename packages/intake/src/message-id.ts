import type { HeaderField } from './header-block.ts';
import { firstValue } from './header-block.ts';

/**
 * Longest Message-ID that is used as found, in octets (the RFC 5322 limit of a line, and no index holds much more). Longer ones
 * are replaced by a made one.
 */
const MESSAGE_ID_OCTETS = 998;

/**
 * The Message-ID of a message as found, in angle brackets; null where there is none or an unusable one: blanks, control characters,
 * no `@`, or too long. Comments and stray text around it are left away; missing brackets are added.
 */
export function foundMessageId(fields: readonly HeaderField[]): string | null {
  const value = firstValue(fields, 'message-id');
  if (value === null) return null;
  const bracketed = /<([^<>]*)>/.exec(value)?.[1];
  const inner = (bracketed ?? value).trim();
  if (!/^[^\s<>@\p{C}][^\s<>\p{C}]*$/u.test(inner) || !inner.includes('@')) return null;
  return Buffer.byteLength(inner) + 2 > MESSAGE_ID_OCTETS ? null : `<${inner}>`;
}

/** A Message-ID made from a fingerprint (64 hex digits) and the envelope sender's domain: the same message gets the same one again. */
export function madeMessageId(fingerprint: string, sender: string): string {
  const domain = sender.slice(sender.lastIndexOf('@') + 1).toLowerCase();
  const safeDomain = /^[\p{L}\p{N}.-]+$/u.test(domain) ? domain : 'invalid';
  return `<${fingerprint.slice(0, 32)}@${safeDomain}>`;
}
