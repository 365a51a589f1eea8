import { cookies } from 'next/headers';

/** Columns of the lists besides each one's first, in their order; `preset` are those of a browser that chose none. */
const lists = {
  messages: {
    cookie: 'signet-columns',
    all: ['sender', 'recipients', 'sent', 'template', 'size', 'expires', 'delivery', 'state'],
    preset: ['sender', 'recipients', 'sent', 'delivery', 'state'],
  },
  trail: {
    cookie: 'signet-trail-columns',
    all: ['message', 'recipients', 'sender', 'actor', 'origin', 'source', 'logIndex'],
    preset: ['message', 'recipients', 'actor', 'origin'],
  },
} as const;

export type ListName = keyof typeof lists;
export type Column<List extends ListName> = (typeof lists)[List]['all'][number];
export type MessageColumn = Column<'messages'>;
export type TrailColumn = Column<'trail'>;

export function isListName(text: unknown): text is ListName {
  return typeof text === 'string' && Object.hasOwn(lists, text);
}

/** Every column of a list. */
export function allColumns<List extends ListName>(list: List): readonly Column<List>[] {
  return lists[list].all;
}

/** The cookie that keeps a list's columns. */
export function columnsCookie(list: ListName): string {
  return lists[list].cookie;
}

/** The names in a text that are columns, in the order of the columns. */
export function columnsOf<List extends ListName>(list: List, text: string): readonly Column<List>[] {
  const names: readonly string[] = text.split('.');
  return allColumns(list).filter((name) => names.includes(name));
}

/** The columns that this browser chose. */
export async function chosenColumns<List extends ListName>(list: List): Promise<readonly Column<List>[]> {
  const kept = (await cookies()).get(columnsCookie(list))?.value;
  return kept === undefined ? lists[list].preset : columnsOf(list, kept);
}
