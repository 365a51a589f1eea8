import type { AdminRecord } from '@signet/domain/audit/admin-record';
import type { AuditEntry } from '@signet/domain/audit/entry';
import { z } from 'zod';

interface Gap {
  readonly from: string;
  readonly to: string | null;
}

/** Steps whose records are removed, and the time in which they were. */
interface Removed {
  readonly steps: number;
  readonly from: string;
  readonly to: string;
}

/** As much of an admin record as a line of the timeline says. */
type RecordedAct = Pick<AdminRecord, 'id' | 'action' | 'creationTime' | 'status' | 'clientIp' | 'reason'> & {
  readonly actor: Pick<AdminRecord['actor'], 'kind' | 'address'>;
};

/** One line of a message's timeline; `at` orders it, null is now. */
export type TimelineItem =
  | { readonly kind: 'entry'; readonly at: string; readonly entry: AuditEntry }
  | { readonly kind: 'record'; readonly at: string; readonly record: RecordedAct }
  | { readonly kind: 'switch'; readonly at: string; readonly record: AdminRecord; readonly on: boolean }
  | { readonly kind: 'removed'; readonly at: string; readonly removed: Removed }
  | { readonly kind: 'gap'; readonly at: string | null; readonly gap: Gap };

/** What the api tells about a message's course. `more`: there are older entries than these. */
interface Sources {
  readonly entries: readonly AuditEntry[];
  readonly more: boolean;
  /** Revocations, restorations, erasures, mails that were sent again, and changes of the message's expiry. */
  readonly records: readonly RecordedAct[];
  /** Changes of the configuration since the message was accepted. */
  readonly changes: readonly AdminRecord[];
  readonly gaps: readonly Gap[];
  /** Null: nothing is removed. */
  readonly removed: Removed | null;
  /** An instant that no longer counts: where the page before ended. */
  readonly before: string | undefined;
}

const trackingSwitch = z.looseObject({ enablePortalTrackingLogs: z.boolean() });

/** To what a record of a configuration change switched tracking; null where it did not touch it. */
export function switchedTo(record: Pick<AdminRecord, 'before' | 'after' | 'status'>): boolean | null {
  const before = trackingSwitch.safeParse(record.before);
  const after = trackingSwitch.safeParse(record.after);
  if (!after.success || record.status === 'Failure') return null;
  const on = after.data.enablePortalTrackingLogs;
  return before.success && before.data.enablePortalTrackingLogs === on ? null : on;
}

/**
 * The course of a message, newest first: its entries, and around them what no entry tells: acts in a time that was not
 * recorded and refused ones (from the admin log), switches of tracking, and the spans of which nothing is known, or no longer. Of
 * these only what belongs to the time that the entries cover.
 */
export function timelineOf({ entries, more, records, changes, gaps, removed, before }: Sources): {
  items: TimelineItem[];
  before: string | null;
} {
  const end = more ? (entries.at(-1)?.creationTime ?? '') : '';
  const covers = (at: string | null) => (at === null ? before === undefined : at >= end && (before === undefined || at < before));
  const told = new Set(entries.map(({ operation, creationTime }) => `${operation} ${creationTime}`));
  const isUnrecorded = (at: string) => gaps.some(({ from, to }) => from <= at && (to === null || at < to));
  const items: TimelineItem[] = [
    ...entries.map((entry) => ({ kind: 'entry', at: entry.creationTime, entry }) as const),
    ...records
      .filter(
        ({ action, creationTime, status }) =>
          (status === 'Failure' || isUnrecorded(creationTime)) && !told.has(`${action} ${creationTime}`),
      )
      .map((record) => ({ kind: 'record', at: record.creationTime, record }) as const),
    ...changes.flatMap((record) => {
      const on = switchedTo(record);
      return on === null ? [] : [{ kind: 'switch', at: record.creationTime, record, on } as const];
    }),
    ...(removed === null ? [] : [{ kind: 'removed', at: removed.to, removed } as const]),
    ...gaps.map((gap) => ({ kind: 'gap', at: gap.to, gap }) as const),
  ];
  const shown = items.filter(({ at }) => covers(at));
  shown.sort((a, b) => order(b).localeCompare(order(a)));
  return { items: shown, before: end === '' ? null : new Date(Date.parse(end) + (entries[0]?.creationTime === end ? 0 : 1)).toISOString() };
}

/** A gap that ends with a switch stands below it, one that still lasts above everything; what is removed below a step of the same moment. */
function order({ at, kind }: TimelineItem): string {
  return at === null ? 'Z' : `${at} ${kind === 'gap' || kind === 'removed' ? 0 : 1}`;
}
