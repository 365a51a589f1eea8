import type { RequestOf } from '@signet/api-contract/route';
import type { routes } from '@signet/api-contract/routes';
import { accessState, deliveryState, isReadingState } from '@signet/domain/message-state';
import { dayStart } from '../day-start.ts';
import { addressOf, single } from '../page-address.ts';
import { trailPath } from '../trail/trail-filters.ts';
import type { TrailFilters } from '../trail/trail-filters.ts';

const texts = ['q', 'sender', 'recipient', 'subject', 'template', 'from', 'to'] as const;
type TextName = (typeof texts)[number];
export type FilterName = TextName | 'state';

const stateNames = [...deliveryState.options, ...accessState.options];
export type StateName = (typeof stateNames)[number];

/** What the list is narrowed by, as its address says it. Days are those of the member's zone, both included. */
export interface MessageFilters extends Readonly<Partial<Record<TextName, string>>> {
  readonly states: readonly StateName[];
}

type Given = Readonly<Record<string, string | string[] | undefined>>;

export function filtersOf(given: Given): MessageFilters {
  const said = texts.flatMap((name): [TextName, string][] => {
    const text = single(given[name])?.trim();
    return text ? [[name, text]] : [];
  });
  const states = [given['state'] ?? []].flat();
  return { ...Object.fromEntries(said), states: stateNames.filter((name) => states.includes(name)) };
}

/** States that a member may search by: who read is the trail's to tell. */
export function offeredStates(mayReadTrail: boolean): { delivery: StateName[]; access: StateName[] } {
  return {
    delivery: [...deliveryState.options],
    access: accessState.options.filter((state) => mayReadTrail || !isReadingState(state)),
  };
}

/** What is wrong with a filter, in a word of `admin.messages.filter.fault`. */
export type FilterFaults = Readonly<Partial<Record<'from' | 'to', 'noDay' | 'order'>>>;

type Query = NonNullable<RequestOf<typeof routes.listMessages>['query']>;

/** What to ask the api for, or what is wrong. */
export function queryOf(filters: MessageFilters, zone: string): { readonly query: Query; readonly faults: FilterFaults } {
  const { q: text, sender, recipient, subject, template, states } = filters;
  const from = filters.from === undefined ? undefined : dayStart(filters.from, zone);
  const to = filters.to === undefined ? undefined : dayStart(filters.to, zone, 1);
  const faults: FilterFaults = {
    ...(from === null ? { from: 'noDay' } : {}),
    ...(to === null ? { to: 'noDay' } : from && to && from >= to ? { to: 'order' } : {}),
  };
  const asked = {
    text,
    sender: sender && beginningOf(sender),
    recipient: recipient && beginningOf(recipient),
    subject,
    template,
    from,
    to,
  };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== null);
  return { query: { ...Object.fromEntries(given), ...(states.length === 0 ? {} : { state: [...states] }) }, faults };
}

/** People write as much of an address as they know. */
function beginningOf(address: string): string {
  return address.endsWith('*') ? address : `${address}*`;
}

const PATH = '/admin/messages';

/** The address of the list that is narrowed so. */
export function listPath(filters: MessageFilters, cursor?: string): string {
  const { states, ...said } = filters;
  return addressOf(PATH, { ...said, cursor, state: states });
}

/** One filter that is set, and the list without it. */
export interface SetFilter {
  readonly name: FilterName;
  readonly value: string;
  readonly without: string;
}

export function setFilters(filters: MessageFilters): SetFilter[] {
  const said = texts.flatMap((name): SetFilter[] => {
    const { [name]: value, ...others } = filters;
    return value === undefined ? [] : [{ name, value, without: listPath(others) }];
  });
  const states = filters.states.map((state): SetFilter => {
    const others = filters.states.filter((other) => other !== state);
    return { name: 'state', value: state, without: listPath({ ...filters, states: others }) };
  });
  return [...said, ...states];
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** What the one box may have meant of the trail, by what it looks like. */
function meaningsOf(text: string): ('messageId' | 'recipient' | 'sender' | 'subject')[] {
  if (uuid.test(text) || text.startsWith('<')) return ['messageId'];
  return text.includes('@') && !/\s/.test(text) ? ['messageId', 'recipient', 'sender'] : ['subject'];
}

/** A search of the audit trail for what a list of messages was narrowed by; `as`: what the one box is taken for. */
export interface TrailSearch {
  readonly as: ReturnType<typeof meaningsOf>[number] | 'same';
  readonly path: string;
}

/** The same searches of the audit trail: several where the one box may mean several things, none where nothing of it can be asked there. */
export function trailSearches({ q: text, sender, recipient, subject, from, to }: MessageFilters): TrailSearch[] {
  const said: TrailFilters = {
    ...(sender !== undefined && { sender: beginningOf(sender) }),
    ...(recipient !== undefined && { recipient: beginningOf(recipient) }),
    ...(subject !== undefined && { subject }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  if (text === undefined) return Object.keys(said).length === 0 ? [] : [{ as: 'same', path: trailPath(said) }];
  return meaningsOf(text)
    .filter((as) => said[as] === undefined)
    .map((as) => ({ as, path: trailPath({ ...said, [as]: as === 'recipient' || as === 'sender' ? beginningOf(text) : text }) }));
}
