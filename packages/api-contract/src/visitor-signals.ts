import { FETCH_NONE } from '@signet/domain/audit/touch-signals';
import { portalHeader } from './portal-headers.ts';

const fetchMetadata = ['site', 'mode', 'dest', 'user'] as const;
/** What programs say, the newest way first, when they ask ahead of a person or in their place. */
const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

/**
 * What a visitor's request for a page says of who asks, beside address and agent.
 * @param publicUrl where the page is: browsers send fetch metadata to https and to the machine itself alone.
 */
export function visitorSignals(incoming: Headers, publicUrl: URL): Record<string, string | undefined> {
  const said = fetchMetadata.flatMap((name) => {
    const value = incoming.get(`sec-fetch-${name}`);
    return value === null ? [] : [`${name}=${/^[a-z0-9?-]{1,30}$/.test(value) ? value : 'other'}`];
  });
  const purpose = purposes.map((name) => incoming.get(name)).find((value) => value !== null);
  const none = isTrustworthy(publicUrl) ? FETCH_NONE : undefined;
  return {
    [portalHeader.visitorFetch]: said.length === 0 ? none : said.join('; '),
    [portalHeader.visitorPurpose]: purpose?.replaceAll(/[^\w;=? -]/g, '').slice(0, 100),
  };
}

/** As browsers see it (W3C, Secure Contexts, 3.1). */
function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
