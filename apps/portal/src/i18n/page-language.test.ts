import { expect, test } from 'vitest';
import { languageOfPage } from './page-language.ts';

test.each([
  ['/', 'de'],
  ['/m/3v9Qm2xV7aZ0kTtN1yPpWcR8sLbHdJfU', 'de'],
  ['/m/3v9Qm2xV7aZ0kTtN1yPpWcR8sLbHdJfU/body', 'de'],
  ['/admin/messages', 'en'],
  ['/sent', 'en'],
  ['/members', 'en'],
])('a German browser gets %s in %s', (path, language) => {
  expect(languageOfPage(path, 'de-AT, en;q=0.5')).toBe(language);
});
