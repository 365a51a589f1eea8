import { z } from 'zod';

/**
 * A key as every process is told it by its surroundings: 32 random bytes in base64url (43 characters, padding allowed), read as
 * those bytes. One way for all of them, so that what one signs the others know. A key of few distinct bytes is a word or a
 * pattern that was left standing: 32 random bytes have fewer than ten distinct ones less than once in 10^30 times.
 */
export const secretKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}=?$/, 'must be 32 bytes in base64url')
  .transform((text) => Buffer.from(text, 'base64url'))
  .refine((bytes) => new Set(bytes).size >= 10, 'looks like a placeholder: make it of random bytes');
