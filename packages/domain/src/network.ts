import ipaddr from 'ipaddr.js';

/**
 * An IP address, however it is written; an IPv4 address within IPv6 (RFC 4291, 2.5.5.2) is that IPv4 address. Null for what is none:
 * neither are the short and octal forms that only some programs read as IPv4.
 */
export function ipAddressOf(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const address = text.split('%')[0] ?? '';
  return ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address) ? ipaddr.process(address) : null;
}

/**
 * The network that tries are counted for: an IPv4 address itself, the /64 of an IPv6 address (one customer has all of it).
 * However the address is written, and an IPv4 address within IPv6 is that IPv4 address. What is no address stays as it is.
 */
export function networkOf(text: string): string {
  const address = ipAddressOf(text);
  if (address instanceof ipaddr.IPv6) {
    const prefix = address.parts.slice(0, 4).map((group) => group.toString(16));
    return `${prefix.join(':')}::/64`;
  }
  return address?.toString() ?? text;
}

/**
 * The network that mails to one mailbox are counted for: an IPv4 address itself, the /48 of an IPv6 address. Many a customer has all of a /48,
 * whose 65,536 /64 would each count for themselves. What is no address stays as it is.
 */
export function siteOf(text: string): string {
  return ipAddressOf(text) instanceof ipaddr.IPv6 ? (wideNetworkOf(text) ?? text) : networkOf(text);
}

/**
 * The one spelling of an address: IPv6 as RFC 5952 has it, without a zone; an IPv4 address within IPv6 is that IPv4 address. What is no
 * address stays as it is.
 */
export function oneSpellingOf(text: string): string {
  const address = ipAddressOf(text);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : (address?.toString() ?? text);
}

/** The network around an address in which it cannot be told from many others: /24 of IPv4, /48 of IPv6 (one site). Null for what is no address. */
export function wideNetworkOf(text: string): string | null {
  const address = ipAddressOf(text);
  if (address === null) return null;
  return address instanceof ipaddr.IPv6
    ? `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/48`).toRFC5952String()}/48`
    : `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/24`).toString()}/24`;
}
