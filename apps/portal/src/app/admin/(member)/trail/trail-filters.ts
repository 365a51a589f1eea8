import type { RequestOf } from '@signet/api-contract/route';
import type { routes } from '@signet/api-contract/routes';
import { authenticationMethods, operationStatus } from '@signet/domain/audit/entry';
import { operationNames } from '@signet/domain/audit/operation';
import { dayStart, minuteStart } from '../day-start.ts';
import { addressOf, single } from '../page-address.ts';

/** Each says one thing. */
const texts = [
  'operationStatus',
  'messageId',
  'recipient',
  'sender',
  'subject',
  'authenticationMethod',
  'authenticationStatus',
  'source',
  'from',
  'fromTime',
  'to',
  'toTime',
] as const;
export type TrailTextName = (typeof texts)[number];

/** What the entries are narrowed by, as the page's address says it. Days, and minutes of them, are those of the member's zone, both included. */
export interface TrailFilters extends Readonly<Partial<Record<TrailTextName, string>>> {
  /** Any of them. */
  readonly operation?: readonly string[];
}

type Given = Readonly<Record<string, string | string[] | undefined>>;

export function trailFiltersOf(given: Given): TrailFilters {
  const operation = [...new Set([given['operation'] ?? []].flat())].filter((name) => name !== '');
  const said = texts.flatMap((name): [TrailTextName, string][] => {
    const text = single(given[name])?.trim();
    return text ? [[name, text]] : [];
  });
  return { ...(operation.length === 0 ? {} : { operation }), ...Object.fromEntries(said) };
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
export type TrailFaults = Readonly<Partial<Record<'operation' | TrailTextName, 'noDay' | 'noTime' | 'noDayToIt' | 'order' | 'noChoice'>>>;

type Query = NonNullable<RequestOf<typeof routes.listAuditEntries>['query']>;

/** What to ask the api for, or what is wrong. */
export function trailQueryOf(filters: TrailFilters, zone: string): { readonly query: Query; readonly faults: TrailFaults } {
  const { messageId, recipient, sender, subject, source, operation } = filters;
  const known = operationNames.filter((name) => operation?.includes(name));
  const chosen = {
    authenticationMethod: authenticationMethods.find((name) => name === filters.authenticationMethod),
    authenticationStatus: operationStatus.options.find((name) => name === filters.authenticationStatus),
    operationStatus: operationStatus.options.find((name) => name === filters.operationStatus),
  };
  const unknown = (['operation', 'authenticationMethod', 'authenticationStatus', 'operationStatus'] as const).filter((name) =>
    name === 'operation' ? known.length < (operation?.length ?? 0) : filters[name] !== undefined && chosen[name] === undefined,
  );
  const from = boundOf({ day: filters.from, time: filters.fromTime }, zone, 0);
  const to = boundOf({ day: filters.to, time: filters.toTime }, zone, 1);
  const toFault = to.fault ?? (from.at && to.at && from.at >= to.at ? 'order' : undefined);
  const faults: TrailFaults = {
    ...Object.fromEntries(unknown.map((name) => [name, 'noChoice'])),
    ...(from.fault ? { from: from.fault } : {}),
    ...(toFault ? { to: toFault } : {}),
  };
  const query: Query = {
    messageId,
    recipient,
    sender,
    subject,
    source,
    ...chosen,
    ...(known.length === 0 ? {} : { operation: known }),
    ...(from.at ? { from: from.at } : {}),
    ...(to.at ? { to: to.at } : {}),
  };
  return { query, faults };
}

interface Bound {
  readonly at?: string;
  readonly fault?: 'noDay' | 'noTime' | 'noDayToIt';
}

/** When a day, or a minute of it, begins, or so many days or minutes later. */
function boundOf(
  { day, time }: { readonly day: string | undefined; readonly time: string | undefined },
  zone: string,
  later: number,
): Bound {
  if (day === undefined) return time === undefined ? {} : { fault: 'noDayToIt' };
  const start = dayStart(day, zone, later);
  if (start === null) return { fault: 'noDay' };
  const at = time === undefined ? start : minuteStart(day, time, zone, later);
  return at === null ? { fault: 'noTime' } : { at };
}
