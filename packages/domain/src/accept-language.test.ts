import { expect, it } from 'vitest';
import { preferredLanguage, spokenLanguage } from './accept-language.ts';

it.each([
  ['de-CH, de;q=0.9, en;q=0.8', 'de-CH'],
  ['en;q=0.5, fr', 'fr'],
  ['*', null],
  ['de;q=0', null],
  ['<script>', null],
  ['', null],
  [null, null],
])('%j prefers %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});

it.each([
  ['the language wanted most', 'en;q=0.5, de;q=0.9', 'de'],
  ['a language for its regions', 'de-AT', 'de'],
  ['one that Signet speaks among others', 'xx, ja;q=0.9, AR;q=0.1', 'ar'],
  ['English when none is wanted', null, 'en'],
  ['English for anything', '*', 'en'],
  ['no language that is refused', 'de;q=0', 'en'],
  ['English for nonsense', ';;;q=x,,', 'en'],
])('a reader gets %s', (_, header, language) => {
  expect(spokenLanguage(header)).toBe(language);
});
