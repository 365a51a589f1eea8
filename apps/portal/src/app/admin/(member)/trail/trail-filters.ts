import type { RequestOf } from '@signet/api-contract/route';
import type { routes } from '@signet/api-contract/routes';
import { authenticationMethods, operationStatus } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { dayStart } from '../day-start.ts';
import { addressOf, single } from '../page-address.ts';

/** What the entries are narrowed by, as the page's address says it. Days are those of the member's zone, both included. */
export const trailFilterNames = [
  'operation',
  'operationStatus',
  'messageId',
  'recipient',
  'sender',
  'subject',
  'authenticationMethod',
  'authenticationStatus',
  'source',
  'from',
  'to',
] as const;
export type TrailFilterName = (typeof trailFilterNames)[number];
export type TrailFilters = Readonly<Partial<Record<TrailFilterName, string>>>;

type Given = Readonly<Record<string, string | string[] | undefined>>;

export function trailFiltersOf(given: Given): TrailFilters {
  return Object.fromEntries(
    trailFilterNames.flatMap((name) => {
      const text = single(given[name])?.trim();
      return text ? [[name, text]] : [];
    }),
  );
}

/** Where one is in a list: what leads to the page, and whether the newer ones were asked for. */
interface TrailPlace {
  readonly cursor?: string | undefined;
  readonly towards?: 'newer' | undefined;
}

export function trailPath(filters: TrailFilters, place: TrailPlace = {}): string {
  return addressOf('/admin/trail', { ...filters, ...place });
}

/** What is wrong with a filter, in a word of `admin.trail.fault`. */
export type TrailFaults = Readonly<Partial<Record<TrailFilterName, 'noDay' | 'order' | 'noChoice'>>>;

type Query = NonNullable<RequestOf<typeof routes.listAuditEntries>['query']>;

/** What to ask the api for, or what is wrong. */
export function trailQueryOf(filters: TrailFilters, zone: string): { readonly query: Query; readonly faults: TrailFaults } {
  const { messageId, recipient, sender, subject, source } = filters;
  const from = filters.from === undefined ? undefined : dayStart(filters.from, zone);
  const to = filters.to === undefined ? undefined : dayStart(filters.to, zone, 1);
  const operation = operationNames.find((name) => name === filters.operation);
  const chosen = {
    authenticationMethod: authenticationMethods.find((name) => name === filters.authenticationMethod),
    authenticationStatus: operationStatus.options.find((name) => name === filters.authenticationStatus),
    operationStatus: operationStatus.options.find((name) => name === filters.operationStatus),
  };
  const unknown = (['operation', 'authenticationMethod', 'authenticationStatus', 'operationStatus'] as const).filter(
    (name) => filters[name] !== undefined && (name === 'operation' ? operation : chosen[name]) === undefined,
  );
  const faults: TrailFaults = {
    ...Object.fromEntries(unknown.map((name) => [name, 'noChoice'])),
    ...(from === null ? { from: 'noDay' } : {}),
    ...(to === null ? { to: 'noDay' } : from && to && from >= to ? { to: 'order' } : {}),
  };
  const query: Query = {
    messageId,
    recipient,
    sender,
    subject,
    source,
    ...chosen,
    ...(operation === undefined ? {} : { operation: [operation] }),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
  return { query, faults };
}
