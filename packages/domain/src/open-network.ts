import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ipAddressOf } from './network.ts';

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

/** Networks that whoever runs Signet opens by a setting, besides the internet. */
export const openedNetworks = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).min(1));

/** Whether an address, however it is written, is in one of some networks. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const read = reachedBy(address);
  return read !== null && networks.some((network) => isIn(read, network));
}

/** Whether an address is on the internet: no machine of this one's own network, however the address is written. */
export function isOnInternet(address: string): boolean {
  const read = reachedBy(address);
  return read !== null && !inside.some((network) => isIn(read, network));
}

/** An address as resolvers give it. */
interface FoundAddress {
  readonly address: string;
  readonly family: number;
}
type Found = (error: Error | null, addresses: FoundAddress[]) => void;
/** `lookup` of node:dns, and of those who connect. */
type Look = (hostname: string, options: { readonly all: true }, found: Found) => void;

/**
 * Of the addresses that a name has now those that may be reached: for whoever connects, so that nothing changes in between.
 * @param closed says why none may be.
 */
export function openLookup(
  look: Look,
  mayReach: (address: string) => boolean,
  closed: (host: string, address: string | undefined) => string,
) {
  return (hostname: string, _options: object, done: Found): void => {
    look(hostname, { all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const open = addresses.filter(({ address }) => mayReach(address));
      const [first] = addresses;
      return open.length > 0 ? done(null, open) : done(new Error(closed(hostname, first?.address)), []);
    });
  };
}
