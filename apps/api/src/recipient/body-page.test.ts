import { expect, test } from 'vitest';
import { bodyPageOf } from './body-page.ts';

const urlOf = (contentId: string) => (contentId === 'a&b@x' ? 'inline/3?access=1&x=2' : null);
const noImage = () => null;

test('images of the message point to the api, others that it lacks lose their source', () => {
  const page = bodyPageOf('<p><img alt="1" src="cid:a%26b%40x" /><img src="cid:lost" alt="2" /></p>', urlOf);
  expect(page).toContain('<img alt="1" src="inline/3?access=1&amp;x=2" />');
  expect(page).toContain('<img alt="2" />');
});

test('text that looks like an image’s source stays text', () => {
  const html = '<p title="&lt;img src=&quot;cid:a&quot;&gt;">&lt;img src="cid:a"&gt; src="cid:a"</p>';
  expect(bodyPageOf(html, () => 'inline/1')).toContain(html);
});

test('the page is light whatever the reader prefers: mail is written for white paper', () => {
  expect(bodyPageOf('<p>x</p>', noImage)).toContain('color-scheme: only light');
});
