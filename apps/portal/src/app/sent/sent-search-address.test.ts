import { expect, test } from 'vitest';
import { searchAddress, searchOf } from './sent-search-address.ts';

test('a search is its address, and is read from it again', () => {
  const search = { text: 'Zürich & co', filter: 'revoked', cursor: 'abc' } as const;
  const parameters = Object.fromEntries(new URL(searchAddress(search), 'http://x').searchParams);
  expect(searchOf(parameters)).toEqual(search);
  expect(searchAddress({})).toBe('/sent');
});

test('what is not understood counts as not there', () => {
  expect(searchOf({ q: ['a', 'b'], show: 'everything', cursor: '' })).toEqual({ text: '', filter: undefined, cursor: undefined });
});
