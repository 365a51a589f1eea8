import { SENT_PAGE } from './sent-path.ts';

/** What the list may be narrowed to: one of the states in which at least one recipient is. */
export const sentFilters = ['unopened', 'opened', 'revoked', 'bounced'] as const;
export type SentFilter = (typeof sentFilters)[number];

/** What the list shows, as it stands in its address. */
export interface SentSearchState {
  readonly text: string;
  readonly filter: SentFilter | undefined;
  readonly cursor: string | undefined;
}

/** Reads an address: what is not understood, or stands there twice, counts as not there. */
export function searchOf(parameters: Readonly<Record<string, string | string[] | undefined>>): SentSearchState {
  const single = (name: string) => {
    const value = parameters[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    text: single('q') ?? '',
    filter: sentFilters.find((filter) => filter === single('show')),
    cursor: single('cursor'),
  };
}

/** The address of a search; a new one begins on its first page. */
export function searchAddress({ text, filter, cursor }: Partial<SentSearchState>): string {
  const query = new URLSearchParams();
  if (text !== undefined && text !== '') query.set('q', text);
  if (filter !== undefined) query.set('show', filter);
  if (cursor !== undefined) query.set('cursor', cursor);
  return query.size === 0 ? SENT_PAGE : `${SENT_PAGE}?${query.toString()}`;
}
