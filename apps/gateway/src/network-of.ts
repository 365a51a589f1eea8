import { isIPv6 } from 'node:net';

function groups(text: string | undefined): string[] {
  return text ? text.split(':') : [];
}

/** The network that failed sign-ins are counted for: an IPv4 address itself, the /64 of an IPv6 address (one customer has all of it). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  // A dotted quad at the end stands for two groups; it lies in the lower half, which is not looked at.
  const after = groups(tail);
  const missing = 8 - groups(head).length - after.length - (address.includes('.') ? 1 : 0);
  const all = tail === undefined ? groups(head) : [...groups(head), ...Array.from({ length: missing }, () => '0'), ...after];
  const upperHalf = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${upperHalf.join(':')}::/64`;
}

/** Whether a peer is on this machine, so that nobody else can hear what it says. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
}
