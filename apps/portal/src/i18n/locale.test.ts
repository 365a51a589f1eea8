import { expect, test } from 'vitest';
import { chooseLocale } from './locale.ts';

test.each([
  ['the language wanted most', 'en;q=0.5, de;q=0.9', 'de'],
  ['a language for its regions', 'de-AT', 'de'],
  ['the wanted one among unknown ones', 'xx, yy;q=0.9, de;q=0.1', 'de'],
  ['the first language when none is wanted', null, 'en'],
  ['the first language for anything', '*', 'en'],
  ['no language that is refused', 'de;q=0', 'en'],
  ['the first language for nonsense', ';;;q=x,,', 'en'],
])('a reader gets %s', (_, header, locale) => {
  expect(chooseLocale(header, ['en', 'de'])).toBe(locale);
});
