import { expect, test } from 'vitest';
import { networksOf, visitorAddress } from './visitor-address.ts';

const trusted = networksOf(['10.0.0.0/8', '2001:db8::1', '192.0.2.7']);

test.each([
  ['the socket’s peer counts where no proxy is trusted', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a trusted proxy is believed', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  [
    'a chain of trusted proxies is followed from its end, and what stands before the first untrusted one is not believed',
    '10.1.2.3',
    '6.6.6.6, 198.51.100.1, 192.0.2.7',
    '198.51.100.1',
  ],
  ['an IPv6 proxy is known', '2001:db8::1', '2001:db8::99', '2001:db8::99'],
  ['an IPv4 peer on an IPv6 socket is that IPv4 address', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['a trusted proxy that names nobody stands for itself', '10.1.2.3', null, '10.1.2.3'],
  ['a trusted proxy that names no address stands for itself', '10.1.2.3', 'unknown', '10.1.2.3'],
  ['nobody is named where the socket is unknown', undefined, '198.51.100.1', undefined],
])('%s', (_, peer, forwardedFor, visitor) => {
  expect(visitorAddress(peer, forwardedFor, trusted)).toBe(visitor);
});
