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

test('a mail without colours follows dark mode, one with colours stays on white', () => {
  expect(bodyPageOf('<div style="white-space:pre-wrap">my color="red" background</div>', noImage)).toContain('<html class="plain">');
  for (const html of [
    '<p style="font-size:1em;color:#000">x</p>',
    '<table bgcolor="white"></table>',
    '<font color="black">x</font>',
    '<p style="background:#fff">x</p>',
  ]) {
    expect(bodyPageOf(html, noImage)).toContain('<html>');
  }
});
