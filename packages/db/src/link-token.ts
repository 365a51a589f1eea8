import { randomBytes } from 'node:crypto';

const TOKEN_BYTES = 24;

/**
 * A recipient's link token: 192 random bits in 32 characters of base64url. It names one recipient of one message and
 * alone opens nothing; it is stored as it is, so that a wrapper mail can be sent again with the same link.
 */
export function newLinkToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
