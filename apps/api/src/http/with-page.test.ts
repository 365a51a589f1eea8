import { expect, test } from 'vitest';
import { wantsPage } from './with-page.ts';

test.each([
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['the portal', 'text/html, application/problem+json;q=0.5', true],
  ['a program that says nothing', undefined, false],
  ['a program that takes anything', '*/*', false],
  ['the typed client', 'application/json, application/problem+json, */*;q=0.5', false],
  ['who wants JSON more', 'text/html;q=0.5, application/json', false],
  ['who refuses HTML', 'text/html;q=0', false],
  ['who writes nonsense', 'text/html;q=x', false],
])('%s (%s): %s', (_, accept, page) => {
  expect(wantsPage({ headers: accept === undefined ? {} : { accept } })).toBe(page);
});
