/** An IPv4 address that an IPv6 socket tells of (RFC 4291, 2.5.5.2), as URLs write it: hexadecimal. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The network that tries are counted for: an IPv4 address itself, the /64 of an IPv6 address (one customer has all of it).
 * However the address is written, and an IPv4 address within IPv6 is that IPv4 address. What is no address stays as it is.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const upper = URL.parse(`http://[${address.split('%')[0] ?? ''}]/`)?.hostname.slice(1, -1);
  if (upper === undefined) return address;
  const mapped = MAPPED.exec(upper);
  if (mapped) {
    return mapped
      .slice(1)
      .map((group) => Number.parseInt(group, 16))
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  }
  const [head = '', tail] = upper.split('::');
  const zeros = tail === undefined ? 0 : 8 - groupsOf(head).length - groupsOf(tail).length;
  return `${[...groupsOf(head), ...Array<string>(zeros).fill('0'), ...groupsOf(tail)].slice(0, 4).join(':')}::/64`;
}

function groupsOf(text: string | undefined): string[] {
  return text ? text.split(':') : [];
}
