import { expect, test } from 'vitest';
import { foreign, html } from './html-text.ts';

test('what is put into a template is text there, in quotes and between tags', () => {
  const hostile = `"'><script>alert(1)</script>&amp;`;
  const { source } = html`<p title="${hostile}">${hostile}</p>`;
  const text = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;';
  expect(source).toBe(`<p title="${text}">${text}</p>`);
});

test('HTML stays HTML, lists follow one another, and null is nothing', () => {
  const bold = html`<b>x</b>`;
  expect(html`${['a', '<b>', bold]}|${null}|${3}`.source).toBe('a&lt;b&gt;<b>x</b>||3');
});

test('marks that turn the direction of writing, and control characters, are written out', () => {
  expect(foreign('invoice\u202efdp.exe\u0007\u2066').source).toBe('<bdi>invoice[U+202E]fdp.exe[U+0007][U+2066]</bdi>');
  expect(foreign('שלום <b>').source).toBe('<bdi>שלום &lt;b&gt;</bdi>');
  expect(foreign('half \ud800').source).toBe('<bdi>half \ufffd</bdi>');
});
