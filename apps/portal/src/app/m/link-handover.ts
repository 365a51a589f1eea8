import { link } from '@signet/api-contract/recipient';
import type { Link } from '@signet/api-contract/recipient';

/** Carries the link's state from proxy.ts, which asked for it, to the page: asked twice, one visit would leave two touches. */
export const LINK_HEADER = 'x-signet-link';

/** A link's state as a header's value. */
export function packLink(state: Link): string {
  return Buffer.from(JSON.stringify(state), 'utf8').toString('base64url');
}

/** The link's state that proxy.ts put into the request, or null where it did not ask. */
export function unpackLink(headers: Headers): Link | null {
  const packed = headers.get(LINK_HEADER);
  return packed === null ? null : link.parse(JSON.parse(Buffer.from(packed, 'base64url').toString('utf8')));
}
