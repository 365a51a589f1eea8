import { operationNames } from '@signet/domain/audit/operation';
import type { Operation } from '@signet/domain/audit/operation';
import { retentionDays } from '@signet/domain/retention';
import type { RetentionPolicy } from '@signet/domain/retention';

/** How long something is kept, as it is typed: `days` counts where it is not for ever. */
export interface DraftKept {
  readonly forever: boolean;
  readonly days: string;
}

/** A policy as it is typed. */
export interface PolicyDraft {
  readonly all: DraftKept;
  readonly exceptions: readonly (DraftKept & { readonly operation: Operation })[];
}

/** Where a number of days is none that counts: `all`, or an operation. */
export type DraftFault = 'all' | Operation;

export function draftOf({ days, operations }: RetentionPolicy): PolicyDraft {
  return {
    all: keptOf(days),
    exceptions: operationNames.flatMap((operation) => {
      const own = operations[operation];
      return own === undefined ? [] : [{ operation, ...keptOf(own) }];
    }),
  };
}

function keptOf(days: number | null): DraftKept {
  return { forever: days === null, days: days === null ? '' : String(days) };
}

/** The policy that is meant, or where it is wrong. */
export function policyOf({
  all,
  exceptions,
}: PolicyDraft): { readonly policy: RetentionPolicy } | { readonly faults: readonly DraftFault[] } {
  const faults: DraftFault[] = [];
  const daysOf = ({ forever, days }: DraftKept, at: DraftFault): number | null => {
    if (forever) return null;
    const read = retentionDays.safeParse(/^\d{1,6}$/.test(days.trim()) ? Number(days) : Number.NaN);
    if (read.success) return read.data;
    faults.push(at);
    return null;
  };
  const days = daysOf(all, 'all');
  const operations: RetentionPolicy['operations'] = {};
  for (const { operation, ...kept } of exceptions) operations[operation] = daysOf(kept, operation);
  return faults.length === 0 ? { policy: { days, operations } } : { faults };
}
