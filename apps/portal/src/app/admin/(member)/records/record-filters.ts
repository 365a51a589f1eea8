import type { RequestOf } from '@signet/api-contract/route';
import type { routes } from '@signet/api-contract/routes';
import { adminActions } from '@signet/domain/audit/admin-record';
import { dayStart } from '../day-start.ts';
import { addressOf, single } from '../page-address.ts';

/** What the records are narrowed by, as the page's address says it. Days are those of the member's zone, both included. */
export const recordFilterNames = ['action', 'actor', 'target', 'status', 'from', 'to'] as const;
export type RecordFilterName = (typeof recordFilterNames)[number];
export type RecordFilters = Readonly<Partial<Record<RecordFilterName, string>>>;

const PATH = '/admin/records';

type Given = Readonly<Record<string, string | string[] | undefined>>;

export function recordFiltersOf(given: Given): RecordFilters {
  return Object.fromEntries(
    recordFilterNames.flatMap((name) => {
      const text = single(given[name])?.trim();
      return text ? [[name, text]] : [];
    }),
  );
}

export function recordsPath(filters: RecordFilters, cursor?: string): string {
  return addressOf(PATH, { ...filters, cursor });
}

/** What is wrong with a filter, in a word of `admin.records.fault`. */
export type RecordFaults = Readonly<Partial<Record<RecordFilterName, 'noDay' | 'order' | 'noAction'>>>;

type Query = NonNullable<RequestOf<typeof routes.listAdminRecords>['query']>;

/** What to ask the api for, or what is wrong. */
export function recordQueryOf(filters: RecordFilters, zone: string): { readonly query: Query; readonly faults: RecordFaults } {
  const { action, actor, target, status } = filters;
  const from = filters.from === undefined ? undefined : dayStart(filters.from, zone);
  const to = filters.to === undefined ? undefined : dayStart(filters.to, zone, 1);
  const known = adminActions.find((name) => name === action);
  const faults: RecordFaults = {
    ...(from === null ? { from: 'noDay' } : {}),
    ...(to === null ? { to: 'noDay' } : from && to && from >= to ? { to: 'order' } : {}),
    ...(action !== undefined && known === undefined ? { action: 'noAction' } : {}),
  };
  const asked: Query = {
    actor,
    target,
    ...(known === undefined ? {} : { action: [known] }),
    ...(status === 'Success' || status === 'Failure' ? { status } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
  return { query: asked, faults };
}
