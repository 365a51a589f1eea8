/** Where a response belongs, which decides what it may do. */
interface Place {
  readonly path: string;
  readonly nonce: string;
  readonly development: boolean;
  /** Whether people reach the portal by https. */
  readonly https: boolean;
}

/** The policy of our own pages: only our scripts run, only our server is asked, nobody frames us. */
function pagePolicy({ nonce, development, https }: Place): string {
  return [
    "default-src 'none'",
    // The development server evaluates code; a built portal never does.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Brands colour by style attribute, and dialogs lock the page's scrolling by a style element.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

/**
 * The policy of a message's own content: no script ever, nothing remote, no form, framed by our page alone; the sandbox
 * holds when the address is opened outside the frame, too.
 */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'none'",
  "img-src 'self' data:",
  "style-src 'unsafe-inline'",
  "font-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** The policy of an exposure report: a sheet of paper that runs nothing, asks for nothing and is framed by nobody. */
const REPORT_POLICY = [
  "default-src 'none'",
  "script-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Addresses of exposure reports. */
const reportPath = /^\/(?:admin|sent)\/messages\/[^/]+\/exposure$/;

/** Addresses of a message's content: its body, its images, its files. */
const contentPath = /^\/m\/[^/]+\/./;
const privatePath = /^\/(?:m|admin|sent)(?:\/|$)/;

/** Headers of a response by its place; the ones that never change stand in next.config.ts. */
export function securityHeaders(place: Place): Record<string, string> {
  const isContent = contentPath.test(place.path);
  // Compressing a file on its way would make its length and ranges untrue (RFC 9111, 5.2.2.6).
  const cacheControl = isContent ? 'no-store, no-transform' : 'no-store';
  return {
    'Content-Security-Policy': isContent ? CONTENT_POLICY : reportPath.test(place.path) ? REPORT_POLICY : pagePolicy(place),
    ...(privatePath.test(place.path) ? { 'Cache-Control': cacheControl } : {}),
    ...(place.https ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}
