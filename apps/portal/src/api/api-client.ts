import { createClient } from '@signet/api-contract/client';
import type { Client } from '@signet/api-contract/client';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { visitorSignals } from '@signet/api-contract/visitor-signals';
import type { Press } from '@signet/domain/audit/touch-signals';
import { env } from '../env.ts';
import { peerAddressOf } from './peer-address.ts';
import { reportFailure } from './report-failure.ts';
import { networksOf, visitorAddress } from './visitor-address.ts';

/** How long a visitor waits for the api before a page says that it does not answer: longer than the 20 s that it gives a statement. */
const LIMIT_MILLISECONDS = 25_000;

/** What a visitor's own request adds to who they are: credentials read from cookies. */
interface Credentials {
  /** A signed-in recipient's session. */
  readonly session?: string | undefined;
  /** Tells this browser from others while a passcode is under way. */
  readonly browser?: string | undefined;
  /** The session of a signed-in member, or of a signed-in sender. */
  readonly bearer?: string | undefined;
  /** The visitor's own method, where it counts; then what their request says of who asks counts, too. */
  readonly method?: string | undefined;
  /** How they pressed the button. */
  readonly press?: Press | undefined;
}

/**
 * A client of the api that speaks for one visitor: with the portal's secret, the visitor's address (the socket's, or what
 * a trusted proxy says) and agent, and their credentials. `incoming` are the headers of the visitor's request.
 */
export function apiFor(incoming: Headers, { session, browser, bearer, method, press }: Credentials = {}): Client {
  const { API_URL, PORTAL_SECRET, PUBLIC_URL, TRUSTED_PROXIES = [] } = env();
  const ip = visitorAddress(peerAddressOf(incoming), incoming.get('x-forwarded-for'), networksOf(TRUSTED_PROXIES));
  const said = {
    [portalHeader.secret]: PORTAL_SECRET,
    [portalHeader.visitorIp]: ip,
    [portalHeader.visitorAgent]: incoming.get('user-agent')?.slice(0, 1024),
    [portalHeader.visitorMethod]: method,
    ...(method === undefined ? {} : visitorSignals(incoming, new URL(PUBLIC_URL))),
    [portalHeader.visitorPress]: press,
    [portalHeader.session]: session,
    [portalHeader.browser]: browser,
    'accept-language': incoming.get('accept-language')?.slice(0, 1000),
    // Files flow through with their lengths: nothing is packed on the way.
    'accept-encoding': 'identity',
    authorization: bearer === undefined ? undefined : `Bearer ${bearer}`,
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(said)) if (value !== undefined && value !== '') headers[name] = value;
  const client = createClient({
    baseUrl: API_URL,
    headers,
    fetch: (input, init) => fetch(input, { ...init, cache: 'no-store' }),
    limitMilliseconds: LIMIT_MILLISECONDS,
  });
  return {
    async call(route, ...rest) {
      try {
        return await client.call(route, ...rest);
      } catch (failure) {
        reportFailure(failure);
        throw failure;
      }
    },
    async page(route, ...rest) {
      try {
        return await client.page(route, ...rest);
      } catch (failure) {
        reportFailure(failure);
        throw failure;
      }
    },
  };
}
