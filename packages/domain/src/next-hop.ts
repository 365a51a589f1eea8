import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ipAddressOf } from './network.ts';

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

/** An address as it is reached in the end: by way of 64:ff9b::/96 an IPv4 address is reached from IPv6 alone (RFC 6052). */
function reachedBy(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const address = ipAddressOf(text);
  return address instanceof ipaddr.IPv6 && isIn(address, '64:ff9b::/96') ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/** Networks that are nobody's on the internet: this machine, its neighbours, what clouds tell their machines (IANA's special-purpose registries). */
const inside = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  // Teredo and 6to4 lead to IPv4 addresses. What is beyond 2000::/3 is no address of the internet.
  '2001::/32',
  '2002::/16',
  '::/3',
  '4000::/2',
  '8000::/1',
] as const;

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [base = '', length] = network.split('/');
  const first = ipAddressOf(base);
  return first?.kind() === address.kind() && address.match(first, length === undefined ? first.toByteArray().length * 8 : Number(length));
}

/** Networks that whoever runs Signet lets next hops of organizations be in, besides the internet. */
export const nextHopNetworks = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).min(1));

/**
 * Whether an organization's next hop may be at an address: on the internet, or in a network that whoever runs Signet named. Else an
 * administrator could have Signet knock at doors that are open to it alone.
 */
export function mayBeNextHop(address: string, networks: readonly string[]): boolean {
  const read = reachedBy(address);
  if (read === null) return false;
  return networks.some((network) => isIn(read, network)) || !inside.some((network) => isIn(read, network));
}

/** An address as resolvers give it. */
interface FoundAddress {
  readonly address: string;
  readonly family: number;
}
type Found = (error: Error | null, addresses: FoundAddress[]) => void;
/** `lookup` of node:dns, and of those who connect. */
type Look = (hostname: string, options: { readonly all: true }, found: Found) => void;

/** Of the addresses that a name has now those where a next hop may be: for whoever connects, so that nothing changes in between. */
export function nextHopLookup(look: Look, networks: readonly string[]) {
  return (hostname: string, _options: object, done: Found): void => {
    look(hostname, { all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const open = addresses.filter(({ address }) => mayBeNextHop(address, networks));
      const [first] = addresses;
      return open.length > 0 ? done(null, open) : done(new Error(closedAddress(hostname, first?.address)), []);
    });
  };
}

/** Why nobody connects to a host. */
export function closedAddress(host: string, address: string | undefined): string {
  const what = address === undefined || address === host ? host : `${host} is ${address}, which`;
  return `${what} is in no network where a next hop may be: whoever runs Signet names more of them in NEXT_HOP_NETWORKS`;
}
