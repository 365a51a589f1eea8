import type { Session } from './connection.ts';
import { note, write, writeJson, writeTable } from './output.ts';
import { printableJson } from './printable.ts';
import type { Column } from './table.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  /** False where a search stopped at its budget, or something is still on its way into the list. */
  readonly complete?: boolean;
  /** What was recorded before this instant is in the list, where that is known. */
  readonly indexedThrough?: string;
  /** How many there are in all, where that was asked for. */
  readonly matches?: { readonly count: number; readonly capped: boolean } | null;
}

/** How many the API gives of a search that may stop, where nothing is asked for. */
const SEARCH_PAGE = 100;

/** Which part of a list is wanted, as the options say. */
export interface PageOptions {
  readonly limit?: string | undefined;
  readonly cursor?: string | undefined;
  readonly all?: true | undefined;
}

/** What the API is asked for: a page's size is text here and checked there. */
interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * Writes a list: one page, or with `--all` every one of them as it comes. As JSON a page is what the API answered; all of them are their
 * items, one a line.
 */
export async function writePages<Item>(
  session: Session,
  options: PageOptions & { readonly largestPage: number },
  columns: readonly Column<Item>[],
  fetchPage: (query: PageQuery) => Promise<Page<Item>>,
): Promise<void> {
  const limit = options.limit === undefined ? (options.all ? options.largestPage : undefined) : Number(options.limit);
  let cursor = options.cursor;
  const sureness = new Sureness();
  for (let isFirst = true; isFirst || (options.all && cursor !== undefined); isFirst = false) {
    const page = await fetchPage({ ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) });
    cursor = page.nextCursor ?? undefined;
    sureness.add(page, limit ?? SEARCH_PAGE);
    if (session.json) {
      await (options.all ? write(page.items.map((item) => `${printableJson(item)}\n`).join('')) : writeJson(page));
      continue;
    }
    await writeTable(columns, page.items, isFirst);
    if (isFirst && page.matches) note(`${page.matches.capped ? 'At least ' : ''}${page.matches.count.toLocaleString('en')} in all.`);
    if (isFirst && page.items.length === 0 && cursor === undefined) note('Nothing is found.');
    if (options.all || cursor === undefined) continue;
    const hasStopped = page.complete === false && page.items.length < (limit ?? SEARCH_PAGE);
    note(
      `${hasStopped ? 'The search stopped before it had looked at all, so that none takes long' : 'There is more'}: --all, or --cursor ${cursor}`,
    );
  }
  if (options.all || !session.json) sureness.say();
}

/** Whether something that a search asks about was still on its way while its pages were read. */
export class Sureness {
  /** What was recorded before this instant was there from the first page on. */
  through: string | undefined;
  isWaiting = false;

  /** @param limit entries that a full page has. */
  add({ items, nextCursor, complete, indexedThrough }: Page<unknown>, limit: number): void {
    this.through ??= indexedThrough;
    // A page that is not full and leads on stopped at its budget: that says nothing.
    this.isWaiting ||= complete === false && (nextCursor === null || items.length >= limit);
  }

  say(): void {
    if (this.isWaiting)
      note(`Some steps are still on their way: what is found is whole for those recorded before ${this.through ?? 'the search began'}.`);
  }
}
