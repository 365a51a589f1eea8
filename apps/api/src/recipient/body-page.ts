/** What the page of a message's body may do: show itself and its own images. Frames hold it for the portal only. */
export const BODY_CSP = [
  "default-src 'none'",
  "img-src 'self' data:",
  "style-src 'unsafe-inline'",
  "script-src 'none'",
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ');

const STYLE = `
:root { color-scheme: only light; }
body { margin: 0; padding: 1rem; font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
pre { white-space: pre-wrap; }
blockquote { margin: 0 0 0 .5rem; padding: 0 0 0 .75rem; border-inline-start: 2px solid color-mix(in srgb, currentColor 25%, transparent); }
`;

/**
 * The sanitised body as a page of its own. Links open apart. It is always light: mail is written for white paper, and
 * dark text on a darkened ground could not be read.
 * @param html as intake stored it: images of the message stand as `cid:<percent-encoded Content-ID>`.
 * @param imageUrl address of the image with a Content-ID, relative to the page; null where there is none, and it is left out.
 */
export function bodyPageOf(html: string, imageUrl: (contentId: string) => string | null): string {
  // In sanitised HTML every `<` of a text and every `>` of an attribute is escaped: what matches is an image.
  const body = html.replaceAll(/<img\b[^>]*>/g, (image) =>
    image.replace(/ src="cid:([^"]*)"/, (_, encoded: string) => {
      const url = imageUrl(decodeURIComponent(encoded));
      return url === null ? '' : ` src="${escapeAttribute(url)}"`;
    }),
  );
  return [
    '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="referrer" content="no-referrer"><base target="_blank"><style>${STYLE}</style></head><body>${body}</body></html>\n`,
  ].join('');
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
