import * as fc from 'fast-check';
import { parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import { HtmlTooDeepError, htmlFromText, sanitiseHtml } from './sanitise-html.ts';
import { readAsSent } from './testing/corpus.ts';
import { dangersIn as dangersOf } from './testing/dangers-in.ts';

const contentIds = new Set(['logo@acme']);
const clean = (html: string) => sanitiseHtml(html, contentIds);
const dangersIn = (html: string) => dangersOf(html, (source) => source === 'cid:logo%40acme');

const hostile = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<img src="https://spy.example/1.gif">',
  '<img src="//spy.example/1.gif">',
  '<img srcset="https://spy.example/1.gif 2x">',
  '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
  '<img src="data:text/html;base64,PHNjcmlwdD4=">',
  '<img src="cid:other@acme">',
  '<img src="cid:logo@acme" onload="x()">',
  '<img/src=x/onerror=alert(1)//',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href=" \u0001javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:x">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="//evil.example">x</a>',
  '<a href="/m/other">x</a>',
  '<a href="https://ok.example" target="_top" rel="opener" ping="https://spy.example">x</a>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="x.swf"></object><embed src="x.swf"><applet code=x></applet>',
  '<form action="https://evil.example"><input name=p type=password><button formaction="javascript:x">go</button></form>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<base href="https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css"; body{background:url(https://spy.example)}</style>',
  '<p style="background:url(https://spy.example/1.gif)">x</p>',
  '<p style="background-image:image-set(\'https://spy.example/1.gif\' 1x)">x</p>',
  '<p style="background:u\\72l(https://spy.example)">x</p>',
  '<p style="width:expression(alert(1))">x</p>',
  '<p style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9">x</p>',
  '<p style="behavior:url(x.htc);-moz-binding:url(x.xml)">x</p>',
  '<p style="color:red;/*" title="*/background:url(//spy.example)">x</p>',
  '<p style="color:var(--x);font-family:\'a\';x:y}body{display:none">x</p>',
  '<p style=\'font-family:"</p><script>alert(1)</script>"\'>x</p>',
  '<table background="https://spy.example/1.gif"><tr><td background="//spy.example/2.gif">x',
  '<body onload=alert(1) background="https://spy.example/1.gif"><p>x',
  '<video poster="https://spy.example/1.gif"><source src=x></video><audio src=x autoplay></audio>',
  '<title><img src=x onerror=alert(1)></title><textarea><img src=x onerror=alert(1)></textarea>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--[if mso]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '<xmp><script>alert(1)</script></xmp><plaintext><script>alert(1)</script>',
  '<div id="root" class="admin" name="x" is="x-y" slot="z">x</div>',
  '<marquee onstart=alert(1)>x</marquee><details open ontoggle=alert(1)>x</details>',
  '<a href="https://ok.example/&quot; onclick=&quot;alert(1)">x</a>',
  '<p title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</p>',
  '\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>',
];

describe('hostile HTML has nothing dangerous left, seen by an independent parser', () => {
  test.each(hostile)('%j', (html) => {
    const { html: once } = clean(html);
    expect(dangersIn(once)).toEqual([]);
    expect(clean(once).html).toBe(once);
  });
});

test('the independent look finds dangers, so that its silence means something', () => {
  const raw = hostile.filter((html) => dangersIn(html).length > 0);
  expect(raw.length).toBeGreaterThan(45);
});

test('any mix of hostile pieces is harmless afterwards, and sanitising it again changes nothing', () => {
  const piece = fc.oneof(
    fc.constantFrom(...hostile),
    fc.string({ maxLength: 8 }),
    fc.constantFrom('<', '>', '"', "'", '&', '</p>', '<p ', '<a href=', '<!--', '-->', '<b>', '<td>', 'style="'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const once = clean(pieces.join('')).html;
      expect(dangersIn(once)).toEqual([]);
      expect(clean(once).html).toBe(once);
    }),
    { numRuns: 400 },
  );
});

test('what a parser would put in order when it reads it again is in order already', () => {
  for (const html of [
    `<p ${hostile.find((piece) => piece.startsWith('<math>')) ?? ''}`,
    '<p><x><table><tr><td>a</table></x>b</p>',
    '<p><x><p><x><p><x><p>a',
    '<a href="https://a.example"><x><a href="https://b.example"><x><h1><x><h2><x><li><x><li>a',
    `${'<p><x>'.repeat(300)}a`,
  ]) {
    const once = clean(html).html;
    expect(clean(once).html).toBe(once);
  }
});

test('the look of an ordinary mail is kept', () => {
  const html =
    '<table width="600" cellpadding="0" bgcolor="#ffffff"><tbody><tr><td align="center" style="padding:4px 8px;color:#333333;border:1px solid #cccccc">' +
    '<b>Hello</b> <font color="red" face="Arial">there</font></td></tr></tbody></table>';
  expect(clean(html).html).toBe(html);
});

test('links open apart and tell nothing of where they were clicked', () => {
  expect(clean('<a href="https://ok.example/?a=1&amp;b=2">x</a>').html).toBe(
    '<a href="https://ok.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>',
  );
  expect(clean('<a href="mailto:a@b.example">x</a><a href="tel:+431">y</a>').html).toContain('href="tel:+431"');
});

test('remote images and backgrounds are counted, images of the message are kept for the portal to map', () => {
  const result = clean(
    '<img src="https://x.example/1"><td background="http://x.example/2"><p style="background:url(http://x.example/3)"><img src="CID:logo%40acme" alt="Logo">',
  );
  expect(result).toMatchObject({ blockedImages: 3, usedContentIds: ['logo@acme'] });
  expect(result.html).toContain('<img alt="Logo" src="cid:logo%40acme" />');
});

test.each(['mailparser/htmllargecallstack.eml', 'mailparser/outofmemory.eml'])(
  'the monster %s is done within five seconds and harmless',
  async (name) => {
    const started = performance.now();
    const { html } = clean((await readAsSent(name)).toString());
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(dangersIn(html)).toEqual([]);
  },
);

test('long runs in attributes and styles do not make it slow', () => {
  const started = performance.now();
  for (const style of [
    `color:rgb(${' '.repeat(100_000)}`,
    `border:${'1px '.repeat(30_000)}`,
    `font-family:${'a '.repeat(50_000)}!`,
    `width:${'1'.repeat(100_000)}q`,
  ])
    expect(dangersIn(clean(`<p style="${style}">x</p>`).html)).toEqual([]);
  expect(dangersIn(clean(`<img src="${' '.repeat(200_000)}cid:x${' '.repeat(200_000)}y">`).html)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('elements nested beyond all sense are given up at once, however they are closed', () => {
  const started = performance.now();
  for (const html of [
    '<div>'.repeat(200_000),
    `${'<div>'.repeat(200_000)}${'</div>'.repeat(200_000)}`,
    `${'<div>'.repeat(100_000)}${'</span>'.repeat(100_000)}`,
    '<ul><li>'.repeat(100_000),
    '<foo>'.repeat(200_000),
    '<svg>'.repeat(200_000),
  ])
    expect(() => clean(html)).toThrow(HtmlTooDeepError);
  // Siblings are no nesting, whether their ends are written or implied.
  expect(clean('<p>a'.repeat(50_000)).html).toContain('<p>a</p><p>a</p>');
  expect(clean('a<br>'.repeat(50_000)).html).toContain('a<br />a<br />');
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('text becomes HTML that shows exactly that text, and sanitising it changes nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const html = htmlFromText(text);
      const [block] = parseFragment(html).childNodes;
      const shown =
        block !== undefined && 'childNodes' in block ? block.childNodes.map((node) => ('value' in node ? node.value : '?')).join('') : '';
      expect(shown).toBe(text.replace(/\r\n?/g, '\n').replaceAll('\0', ''));
      expect(clean(html).html).toBe(html);
    }),
  );
});
