/** What a single key does. */
export type Shortcut = 'map' | 'search' | 'down' | 'up';

/** Marks what j, k and the arrows go through: `<Link {...listItem} …>`. */
export const listItem = { 'data-list-item': '' } as const;
const LIST_ITEMS = '[data-list-item]';

const single: Readonly<Record<string, Shortcut>> = { '?': 'map', '/': 'search', j: 'down', k: 'up' };
const arrows: Readonly<Record<string, Shortcut>> = { ArrowDown: 'down', ArrowUp: 'up' };

/** Where letters are typed, or keys mean something of their own. */
const TAKEN = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]';

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target' | 'defaultPrevented'>;

/**
 * What a key means here, null for nothing of ours. Single letters and signs count only while they are switched `on`; arrows
 * count on an item of a list alone, where pages do not scroll by them.
 */
export function shortcutOf({ key, ctrlKey, metaKey, altKey, target, defaultPrevented }: Key, on: boolean): Shortcut | null {
  if (defaultPrevented || ctrlKey || metaKey || altKey) return null;
  const element = target instanceof Element ? target : null;
  if (element?.closest(TAKEN)) return null;
  if (element?.closest(LIST_ITEMS)) return arrows[key] ?? (on ? (single[key] ?? null) : null);
  return on ? (single[key] ?? null) : null;
}

/** Moves the focus to the next item of the page's list, or the one before; from outside to the first. @returns whether there is a list. */
export function moveInList(page: Document, direction: 'down' | 'up'): boolean {
  const items = [...page.querySelectorAll<HTMLElement>(LIST_ITEMS)];
  const here = items.findIndex((item) => item === page.activeElement);
  const wanted = here === -1 ? 0 : Math.min(items.length - 1, Math.max(0, here + (direction === 'down' ? 1 : -1)));
  const item = items[wanted];
  item?.focus();
  item?.scrollIntoView({ block: 'nearest' });
  return item !== undefined;
}
