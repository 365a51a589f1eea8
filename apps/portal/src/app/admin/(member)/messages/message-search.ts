import type { Client } from '@signet/api-contract/client';
import type { MessageSummary } from '@signet/api-contract/messages';
import { routes } from '@signet/api-contract/routes';
import type { RequestOf } from '@signet/api-contract/route';

type Filters = NonNullable<RequestOf<typeof routes.listMessages>['query']>;

const PAGE_SIZE = 50;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * What the one search box can mean, as questions to the api; a message is found by any of them. Only what can be meant
 * is asked: what stands in angle brackets or is a UUID names a message, what has a blank can only be a subject.
 */
export function questionsOf(text: string): readonly Filters[] {
  const words = text.trim().replaceAll(/\s+/g, ' ');
  if (words === '') return [{}];
  if (/^<[^<>\s]+>$/.test(words) || uuid.test(words)) return [{ messageId: words.slice(0, 1000) }];
  const subject = { subject: words.slice(0, 200) };
  if (words.includes(' ') || words.length > 320) return [subject];
  const beginning = words.endsWith('*') ? words : `${words}*`;
  const people = [{ sender: beginning }, { recipient: beginning }];
  return words.includes('@') ? [...people, { messageId: words }] : [subject, ...people];
}

/** Newest first; `before` leads to the older ones, null where there are none. */
export interface MessagePage {
  readonly items: readonly MessageSummary[];
  readonly before: string | null;
}

/**
 * Puts the answers to several questions together, each newest first. A question that has more to tell is silent about
 * what is older than its last item, so the page ends at the latest such end; the next one begins with that instant
 * again, where the same messages may stand twice on two pages, but none is left out.
 */
export function mergePages(
  pages: readonly { readonly items: readonly MessageSummary[]; readonly nextCursor: string | null }[],
): MessagePage {
  const ends = pages.flatMap(({ items, nextCursor }) => (nextCursor === null ? [] : [items.at(-1)?.acceptedAt ?? '']));
  const end = ends.toSorted().at(-1) ?? '';
  const unique = new Map(pages.flatMap(({ items }) => items).map((item) => [item.id, item]));
  const items = [...unique.values()].filter((item) => item.acceptedAt >= end);
  items.sort((a, b) => b.acceptedAt.localeCompare(a.acceptedAt) || b.id.localeCompare(a.id));
  return { items, before: end === '' ? null : new Date(Date.parse(end) + (isStuck(items) ? 0 : 1)).toISOString() };
}

/** A page of one single instant: with that instant once more, the next page would be the same. */
function isStuck(items: readonly MessageSummary[]): boolean {
  return items.at(0)?.acceptedAt === items.at(-1)?.acceptedAt;
}

/** Searches by the text of the search box. `before` is an instant that no longer counts. */
export async function searchMessages(api: Client, text: string, before: string | undefined): Promise<MessagePage> {
  const more: Filters = { limit: PAGE_SIZE, ...(before === undefined ? {} : { to: before }) };
  const pages = await Promise.all(questionsOf(text).map((question) => api.call(routes.listMessages, { query: { ...question, ...more } })));
  return mergePages(pages);
}
