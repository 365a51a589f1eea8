import sanitizeHtml from 'sanitize-html';

/** Version of the rules below, stored beside what they made. Raise it with every change of them: older stored HTML is then redone. */
export const SANITISER_VERSION = 2;

/** HTML that is safe to show in the message frame, and what was taken out of it. */
export interface SanitisedHtml {
  readonly html: string;
  /** How many remote images (or remote backgrounds) were left out. */
  readonly blockedImages: number;
  /** Content-IDs, without angle brackets, of the parts that the HTML shows as images. */
  readonly usedContentIds: readonly string[];
}

/** Deeper elements are left out (their text stays): browsers cap nesting at 512, and no mail needs more than a few dozen. */
const NESTING_LIMIT = 200;

/**
 * HTML with more elements open at once is not sanitised at all: the parser looks through the open ones at each tag, so time grows with
 * their square. What old programs leave open in thousands of quoted lines stays far below.
 */
const OPEN_ELEMENTS_LIMIT = 5_000;

/** The HTML has so many elements in one another that it cannot be made safe in good time. */
export class HtmlTooDeepError extends Error {
  override readonly name = 'HtmlTooDeepError';

  constructor() {
    super(`More than ${String(OPEN_ELEMENTS_LIMIT)} elements are open at once.`);
  }
}

/**
 * How often HTML is read until reading it again changes nothing. Once does for nearly every mail, twice for what a parser puts in order
 * only when what stood in between has gone (a table within a paragraph); more was never seen.
 */
const PASSES_LIMIT = 6;

const LENGTH = String.raw`-?(?:\d{1,10}(?:\.\d{0,20})?|\.\d{1,20})(?:px|pt|em|rem|ex|ch|%|in|cm|mm)?`;
const POSITIVE = LENGTH.slice(2);
const COLOUR = String.raw`#[0-9a-f]{3,8}|[a-z]{3,30}|rgba?\(\s{0,4}[\d.%]{1,20}(?:[\s,/]{1,8}[\d.%]{1,20}){2,3}\s{0,4}\)|hsla?\(\s{0,4}[\d.]{1,20}(?:deg)?(?:[\s,/]{1,8}[\d.%]{1,20}){2,3}\s{0,4}\)`;
const LINE_STYLE = 'none|hidden|dotted|dashed|solid|double|groove|ridge|inset|outset';
const WIDTH_WORD = 'thin|medium|thick';

const exactly = (pattern: string): RegExp[] => [new RegExp(`^(?:${pattern})$`, 'i')];
const upTo = (count: number, pattern: string): RegExp[] => exactly(String.raw`(?:${pattern})(?:\s+(?:${pattern})){0,${String(count - 1)}}`);

const words = (...list: string[]): RegExp[] => exactly(list.join('|'));
const colour = exactly(COLOUR);
const size = exactly(`${POSITIVE}|auto|inherit|initial|none|normal|0`);
const border = upTo(3, `${LINE_STYLE}|${WIDTH_WORD}|${POSITIVE}|${COLOUR}`);

function sides(property: string, rule: RegExp[]): Record<string, RegExp[]> {
  return Object.fromEntries(['top', 'right', 'bottom', 'left'].map((side) => [property.replace('*', side), rule]));
}

/** Properties that cannot fetch, cover the page, or move out of their place; values without url(), expression() or escapes. */
const SAFE_STYLES: Record<string, RegExp[]> = {
  color: colour,
  'background-color': colour,
  background: colour,
  'font-family': exactly(String.raw`[\w\s,'"-]{1,300}`),
  'font-size': exactly(`${POSITIVE}|(?:xx?-)?(?:small|large)|medium|smaller|larger`),
  'font-style': words('normal', 'italic', 'oblique'),
  'font-weight': words('normal', 'bold', 'bolder', 'lighter', '[1-9]00'),
  'font-variant': words('normal', 'small-caps'),
  'line-height': size,
  'letter-spacing': exactly(`${LENGTH}|normal`),
  'word-spacing': exactly(`${LENGTH}|normal`),
  'text-align': words('left', 'right', 'center', 'justify', 'start', 'end'),
  'text-decoration': words('none', 'underline', 'overline', 'line-through'),
  'text-indent': exactly(POSITIVE),
  'text-transform': words('none', 'uppercase', 'lowercase', 'capitalize'),
  'vertical-align': words('top', 'middle', 'bottom', 'baseline', 'sub', 'super', 'text-top', 'text-bottom'),
  'white-space': words('normal', 'nowrap', 'pre', 'pre-wrap', 'pre-line'),
  'word-break': words('normal', 'break-all', 'break-word', 'keep-all'),
  'word-wrap': words('normal', 'break-word'),
  'overflow-wrap': words('normal', 'break-word', 'anywhere'),
  direction: words('ltr', 'rtl'),
  display: words('block', 'inline', 'inline-block', 'table', 'table-row', 'table-cell', 'list-item', 'none'),
  float: words('left', 'right', 'none'),
  clear: words('left', 'right', 'both', 'none'),
  width: size,
  'min-width': size,
  'max-width': size,
  height: size,
  'max-height': size,
  margin: upTo(4, `${POSITIVE}|auto`),
  padding: upTo(4, POSITIVE),
  ...sides('margin-*', exactly(`${POSITIVE}|auto`)),
  ...sides('padding-*', exactly(POSITIVE)),
  border,
  ...sides('border-*', border),
  'border-color': upTo(4, COLOUR),
  'border-style': upTo(4, LINE_STYLE),
  'border-width': upTo(4, `${POSITIVE}|${WIDTH_WORD}`),
  'border-collapse': words('collapse', 'separate'),
  'border-spacing': upTo(2, POSITIVE),
  'border-radius': upTo(4, POSITIVE),
  'list-style-type': words('disc', 'circle', 'square', 'decimal', 'none', '(?:lower|upper)-(?:roman|alpha|latin)'),
};

const TABLE_ATTRIBUTES = ['align', 'valign', 'width', 'height', 'bgcolor'];

const ALLOWED_TAGS = (
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure ' +
  'font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table ' +
  'tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ');

/** Their text is not text for people, so it goes with them. */
const DROPPED_WITH_CONTENT = (
  'applet audio base canvas datalist embed frame frameset head iframe math noembed noframes noscript object option plaintext script select style svg ' +
  'template textarea title video xml xmp'
).split(' ');

const DATA_IMAGE = /^data:image\/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/\s]+=*$/;

function decodedContentId(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}

function contentIdOf(source: string): string | null {
  const match = /^cid:(.+)$/is.exec(source.trim());
  return match?.[1] === undefined ? null : decodedContentId(match[1]).replace(/^<|>$/g, '');
}

interface Tally {
  blockedImages: number;
  readonly used: Set<string>;
}

function sanitiseImage(attributes: sanitizeHtml.Attributes, contentIds: ReadonlySet<string>, tally: Tally): sanitizeHtml.Attributes {
  const { src = '', srcset: _srcset, ...rest } = attributes;
  const contentId = contentIdOf(src);
  if (contentId !== null && contentIds.has(contentId)) {
    tally.used.add(contentId);
    return { ...rest, src: `cid:${encodeURIComponent(contentId)}` };
  }
  if (DATA_IMAGE.test(src)) return { ...rest, src };
  if (src !== '' || attributes['srcset'] !== undefined) tally.blockedImages += 1;
  return rest;
}

function sanitiseLink(attributes: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  const { href, title, style } = attributes;
  return {
    ...(title === undefined ? {} : { title }),
    ...(style === undefined ? {} : { style }),
    ...(href === undefined || !/^\s*(?:https?:\/\/|mailto:|tel:)/i.test(href)
      ? {}
      : { href: href.trim(), target: '_blank', rel: 'noopener noreferrer nofollow' }),
  };
}

function withoutBackground(attributes: sanitizeHtml.Attributes, tally: Tally): sanitizeHtml.Attributes {
  const { background, ...rest } = attributes;
  const remoteStyle = /url\s*\(/i.test(rest['style'] ?? '');
  if ((background !== undefined && background !== '') || remoteStyle) tally.blockedImages += 1;
  return rest;
}

/**
 * Makes the HTML of a mail safe to show: an allow-list of elements, attributes and style properties; links only to http, https, mailto and
 * tel, opened apart and without referrer; no script, form, frame, object, style sheet or remote resource. Remote images are counted and
 * their `src` left out. Images of the message itself stay as `cid:<percent-encoded Content-ID>` for the portal to map, when `contentIds`
 * (without angle brackets) has them. Sanitising the result again changes nothing: what this answers is what every later reading sees.
 * @throws {HtmlTooDeepError} when more than 5,000 elements are open within one another.
 */
export function sanitiseHtml(html: string, contentIds: ReadonlySet<string>): SanitisedHtml {
  const first = sanitiseOnce(html, contentIds);
  for (let last = first, passes = 1; passes < PASSES_LIMIT; passes += 1) {
    const next = sanitiseOnce(last.html, contentIds);
    // What was blocked is gone after the first pass, so only that one can count it.
    if (next.html === last.html) return { ...next, blockedImages: first.blockedImages };
    last = next;
  }
  throw new Error('The HTML is another one each time it is sanitised');
}

function sanitiseOnce(html: string, contentIds: ReadonlySet<string>): SanitisedHtml {
  const tally: Tally = { blockedImages: 0, used: new Set() };
  let open = 0;
  const clean = sanitizeHtml(html, {
    onOpenTag: () => {
      open += 1;
      if (open > OPEN_ELEMENTS_LIMIT) throw new HtmlTooDeepError();
    },
    onCloseTag: () => {
      open -= 1;
    },
    allowedTags: ALLOWED_TAGS,
    allowedAttributes: {
      '*': ['style', 'dir', 'lang', 'title', 'align'],
      a: ['href', 'target', 'rel'],
      img: ['src', 'alt', 'width', 'height', 'border', 'hspace', 'vspace'],
      font: ['color', 'face', 'size'],
      table: [...TABLE_ATTRIBUTES, 'border', 'cellpadding', 'cellspacing', 'summary'],
      td: [...TABLE_ATTRIBUTES, 'colspan', 'rowspan', 'nowrap'],
      th: [...TABLE_ATTRIBUTES, 'colspan', 'rowspan', 'nowrap', 'scope'],
      tr: TABLE_ATTRIBUTES,
      tbody: TABLE_ATTRIBUTES,
      col: ['span', ...TABLE_ATTRIBUTES],
      colgroup: ['span', ...TABLE_ATTRIBUTES],
      div: ['bgcolor'],
      ol: ['start', 'type'],
      ul: ['type'],
      li: ['value', 'type'],
      hr: ['size', 'width', 'color', 'noshade'],
    },
    allowedStyles: { '*': SAFE_STYLES },
    allowedSchemes: [],
    allowedSchemesByTag: { a: ['http', 'https', 'mailto', 'tel'], img: ['cid', 'data'] },
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nonTextTags: DROPPED_WITH_CONTENT,
    nestingLimit: NESTING_LIMIT,
    enforceHtmlBoundary: false,
    transformTags: {
      '*': (tagName, attributes) => ({ tagName, attribs: withoutBackground(attributes, tally) }),
      body: (_, attributes) => ({ tagName: 'div', attribs: withoutBackground(attributes, tally) }),
      img: (tagName, attributes) => ({ tagName, attribs: sanitiseImage(attributes, contentIds, tally) }),
      a: (tagName, attributes) => ({ tagName, attribs: sanitiseLink(attributes) }),
    },
  });
  return { html: clean, blockedImages: tally.blockedImages, usedContentIds: [...tally.used] };
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** HTML that shows a text as it is: escaped, white space and line breaks kept. Nothing becomes a link, so no text can pose as one. */
export function htmlFromText(text: string): string {
  const escaped = text.replace(/\r\n?/g, '\n').replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
  return `<div style="white-space:pre-wrap;word-wrap:break-word">${escaped}</div>`;
}
