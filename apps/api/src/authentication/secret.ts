import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const API_KEY_PREFIX = 'sk_';

/** SHA-256 of a generated credential: how it is stored and looked up (at least 128 random bits need no slow hash). */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** A new API key: `sk_` and 32 random bytes in base64url. */
export function newApiKeySecret(): string {
  return `${API_KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
}

export function isApiKeySecret(credential: string): boolean {
  return credential.startsWith(API_KEY_PREFIX);
}

/** A new session token or password that nobody has to remember: 32 random bytes in base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares secrets in a time that tells nothing of them, their lengths included. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hashOfSecret(given), hashOfSecret(expected));
}

/** The same, where of the expected one there is only the hash. */
export function hasHash(given: string, expected: Uint8Array): boolean {
  return timingSafeEqual(hashOfSecret(given), expected);
}

/** Enough of a key to recognise it by, far too little to use it. */
export function hintOf(secret: string): string {
  return `${secret.slice(0, 9)}…`;
}

/** A new SMTP user name: it says nothing of the organization. */
export function newSmtpUsername(): string {
  return `smtp-${randomBytes(8).toString('hex')}`;
}
