import { z } from 'zod';
import { operationNames, type Operation } from './audit/operation.ts';

/** Days that an organization may have its audit entries kept, where it does not have them kept for ever: a week at least, for whoever takes them away. */
const retentionLimits = { minDays: 7, maxDays: 36_500 } as const;

/** Null: for ever. */
export const retentionDays = z
  .int()
  .min(retentionLimits.minDays, { error: `must be ${retentionLimits.minDays} days at least, or null: kept for ever` })
  .max(retentionLimits.maxDays, { error: `must be ${retentionLimits.maxDays} days at most, or null: kept for ever` })
  .nullable();

/** How long audit entries are kept, in days after what they tell of; null: for ever. */
export const retentionPolicy = z.strictObject({
  days: retentionDays,
  /** Operations that are kept otherwise than the rest. */
  operations: z.partialRecord(z.enum(operationNames), retentionDays),
});
export type RetentionPolicy = z.infer<typeof retentionPolicy>;

/** What an organization has that chose nothing. */
export const keptForEver: RetentionPolicy = { days: null, operations: {} };

/** The operations whose entries are not kept for ever, with their days. */
export function limitedOperations({ days, operations }: RetentionPolicy): { readonly operation: Operation; readonly days: number }[] {
  return operationNames.flatMap((operation) => {
    const own = operations[operation];
    const kept = own === undefined ? days : own;
    return kept === null ? [] : [{ operation, days: kept }];
  });
}

/**
 * The fewest days for which entries of some operations are kept, and whether all of them are kept so long and no longer; null where all are kept
 * for ever.
 */
export function fewestDays(
  policy: RetentionPolicy,
  operations: readonly Operation[],
): { readonly days: number; readonly isForAll: boolean } | null {
  const limited = limitedOperations(policy).filter(({ operation }) => operations.includes(operation));
  if (limited.length === 0) return null;
  const days = Math.min(...limited.map((each) => each.days));
  return { days, isForAll: operations.every((operation) => limited.some((each) => each.operation === operation && each.days === days)) };
}

/** Why entries were removed. `retention`: their time was over. `erasure`: somebody had them erased by law. */
export const removalCauses = ['retention', 'erasure'] as const;
export type RemovalCause = (typeof removalCauses)[number];

/** Days since an entry was recorded before which it is not removed, however old what it tells of: whoever follows the log gets it first. */
export const SETTLING_DAYS = 7;

/** Places of a log as one text: `0-99,105,107-110`. @param places in order, each once. */
export function writePlaces(places: readonly number[]): string {
  return rangesOf(places)
    .map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
    .join(',');
}

/** The stretches, inclusive both ways, that such a text names; null where it is none. */
export function readPlaces(text: string): { readonly first: number; readonly last: number }[] | null {
  const ranges: { first: number; last: number }[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part);
    if (!match) return null;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first || first <= (ranges.at(-1)?.last ?? -1)) return null;
    ranges.push({ first, last });
  }
  return ranges;
}

/** Places in order as stretches, inclusive both ways. */
export function rangesOf(places: readonly number[]): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const place of places) {
    const open = ranges.at(-1);
    if (open?.last === place - 1) open.last = place;
    else ranges.push({ first: place, last: place });
  }
  return ranges;
}
