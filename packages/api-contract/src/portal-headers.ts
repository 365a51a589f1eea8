import { z } from 'zod';

/**
 * Headers by which the portal's server speaks for a visitor. They are believed only beside the portal's secret. Tokens
 * stand here and never in a URL, which ends up in logs and histories.
 */
export const portalHeader = {
  secret: 'x-signet-portal-secret',
  /** A signed-in recipient's session token. */
  session: 'x-signet-session',
  /** Tells one browser from another, so that a passcode works only where it was asked for. */
  browser: 'x-signet-browser',
  visitorIp: 'x-signet-visitor-ip',
  visitorAgent: 'x-signet-visitor-agent',
  /** The method of the visitor's own request, which the portal may have answered with another one of its own. */
  visitorMethod: 'x-signet-visitor-method',
  /** The fetch metadata of the visitor's own request as one text; `none` where it came without, and need not have. */
  visitorFetch: 'x-signet-visitor-fetch',
  /** What the visitor's program says that it asks for: `prefetch`, `preview`. */
  visitorPurpose: 'x-signet-visitor-purpose',
  /** How the button was pressed, as the page saw it. */
  visitorPress: 'x-signet-visitor-press',
} as const;

const token = z.string().min(1).max(200);

/** Who visits, as the portal saw it. Longer agents are cut, not refused: no visitor is turned away for their browser. */
export const visitorHeaders = z.object({
  [portalHeader.visitorIp]: z.union([z.ipv4(), z.ipv6()]).optional(),
  [portalHeader.visitorAgent]: z
    .string()
    .transform((agent) => agent.slice(0, 1024))
    .optional(),
});

/** A visitor's browser as well, before sign-in. */
export const browserHeaders = visitorHeaders.extend({ [portalHeader.browser]: token.optional() });

/** A recipient's session where there is one: its lack is answered in words, not as a malformed request. */
export const recipientHeaders = browserHeaders.extend({ [portalHeader.session]: token.optional() });
