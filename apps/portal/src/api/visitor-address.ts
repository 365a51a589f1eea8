import { BlockList, isIP } from 'node:net';

/** Networks and addresses, as in TRUSTED_PROXIES. */
export function networksOf(parts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const part of parts) {
    const [address = '', prefix] = part.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** One spelling for one address: an IPv4 address that arrived on an IPv6 socket is that IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
}

/**
 * Who visits: the peer of the socket, unless that is a trusted proxy; then whom it names, and so on, from the last entry
 * of `X-Forwarded-For` to the first. What an untrusted one wrote there is never believed.
 */
export function visitorAddress(peer: string | undefined, forwardedFor: string | null, trusted: BlockList): string | undefined {
  if (peer === undefined) return undefined;
  let address = plain(peer);
  const named = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()));
  while (trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) {
    const next = named.pop();
    if (next === undefined || isIP(next) === 0) break;
    address = next;
  }
  return address;
}
