import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { isMailAddress } from '@signet/domain/mail-address';
import { z } from 'zod';

/** Fields that occur in the requests and answers of several nouns. */

export const address = z.string().min(3).max(320).meta({ example: 'bob@example.net' });

/** An address as callers may write it: it goes into records and mails as it is. */
export const givenAddress = recordText(320)
  .min(3)
  .refine(isMailAddress, { error: 'must be one mail address, without a name', when: ({ issues }) => issues.length === 0 })
  .meta({ example: 'bob@example.net' });

/** What callers may call a thing of theirs. */
export const givenName = recordText(100).trim().min(1);

/** Whether PostgreSQL and RFC 3339 know the instant: an offset may carry a time over either end. */
function isWithinYears(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999;
}

/** What callers may write for a time: RFC 3339 with any offset and precision; taken as UTC to the millisecond. */
export const givenTime = z.iso
  .datetime({ offset: true })
  .refine(isWithinYears, { error: 'must lie in the years 1 to 9999, in UTC', when: ({ issues }) => issues.length === 0 })
  .transform((text) => new Date(text).toISOString())
  .meta({ description: 'RFC 3339', example: '2026-11-22T10:36:45Z' });

/** Where a page ends; opaque to callers. */
export const cursor = z.string().min(1).max(500);

/** How many items a page has at most. A query string has text, hence the coercion. */
export function pageSize(maximum: number, preset: number) {
  return z.coerce.number<number>().int().min(1).max(maximum).default(preset);
}

/** A query parameter that may be repeated: once gives text, several times a list. */
export function repeated<S extends z.ZodType>(item: S, maximum: number) {
  return z.preprocess((value: z.input<S> | z.input<S>[]) => (Array.isArray(value) ? value : [value]), z.array(item).min(1).max(maximum));
}

/** A page of a list without an end in sight: `nextCursor` null on the last one. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.strictObject({ items: z.array(item), nextCursor: cursor.nullable() });
}

/** A span of time in which nothing was recorded; `to` null: still so. */
export const gap = z.strictObject({ from: instant, to: instant.nullable() });
