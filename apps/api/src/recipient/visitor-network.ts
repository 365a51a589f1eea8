import { isIPv6 } from 'node:net';

/** The network that a visitor's tries are counted for: an IPv4 address itself, the /64 of an IPv6 address (one customer has all of it). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const upper = new URL(`http://[${address.split('%')[0] ?? ''}]/`).hostname.slice(1, -1);
  const [head = '', tail] = upper.split('::');
  const zeros = tail === undefined ? 0 : 8 - groupsOf(head).length - groupsOf(tail).length;
  return `${[...groupsOf(head), ...Array<string>(zeros).fill('0'), ...groupsOf(tail)].slice(0, 4).join(':')}::/64`;
}

function groupsOf(text: string | undefined): string[] {
  return text ? text.split(':') : [];
}
