import { ipAddressOf } from './network.ts';
import { isInNetworks, isOnInternet, openedNetworks, openLookup } from './open-network.ts';

/**
 * How mail to a next hop is encrypted. `implicit`: TLS from the first byte. `required`: STARTTLS, or nothing is handed over. Both show a
 * certificate of that name which somebody vouches for. `opportunistic`: STARTTLS where it is offered, whoever answers.
 */
export const nextHopTlsModes = ['implicit', 'required', 'opportunistic'] as const;
export type NextHopTls = (typeof nextHopTlsModes)[number];

/** So many next hops an organization may have: were all of them away, their trials would not hold half of a worker's lanes. */
export const NEXT_HOP_LIMIT = 10;

const LABEL = '(?!-)[a-z0-9_-]{1,63}(?<!-)';
const HOST_NAME = new RegExp(String.raw`^(?:${LABEL}\.)*(?!\d+$)${LABEL}$`);
/** An IPv4 address too; no zone, which means something on one machine alone. */
const ADDRESS = /^[0-9a-f:.]+$/;

/** A mail server as an organization names it, in one spelling; null where a text is neither a host name nor an IP address. */
export function hostOf(text: string): string | null {
  const host = text.trim().toLowerCase();
  const fits = host.length <= 253 && (HOST_NAME.test(host) || (ADDRESS.test(host) && ipAddressOf(host) !== null));
  return fits ? host : null;
}

/** Networks that whoever runs Signet lets next hops of organizations be in, besides the internet. */
export const nextHopNetworks = openedNetworks;

/**
 * Whether an organization's next hop may be at an address: on the internet, or in a network that whoever runs Signet named. Else an
 * administrator could have Signet knock at doors that are open to it alone.
 */
export function mayBeNextHop(address: string, networks: readonly string[]): boolean {
  return isInNetworks(address, networks) || isOnInternet(address);
}

/** Of the addresses that a name has now those where a next hop may be: for whoever connects, so that nothing changes in between. */
export function nextHopLookup(look: Parameters<typeof openLookup>[0], networks: readonly string[]): ReturnType<typeof openLookup> {
  return openLookup(look, (address) => mayBeNextHop(address, networks), closedAddress);
}

/** Why nobody connects to a host. */
export function closedAddress(host: string, address: string | undefined): string {
  const what = address === undefined || address === host ? host : `${host} is ${address}, which`;
  return `${what} is in no network where a next hop may be: whoever runs Signet names more of them in NEXT_HOP_NETWORKS`;
}
