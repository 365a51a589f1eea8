import { expect, test } from 'vitest';
import { hostOf, mayBeNextHop, nextHopLookup, nextHopNetworks } from './next-hop.ts';

test.each([
  '0.0.0.0',
  '10.0.0.5',
  '100.100.100.200',
  '127.0.0.1',
  '127.8.8.8',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::FFFF:7F00:1',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:53aa:64c::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'mail.example.com',
  '127.0.0.1.',
  '',
])('no organization’s next hop is at %j', (address) => {
  expect(mayBeNextHop(address, [])).toBe(false);
});

test.each([
  '40.107.0.1',
  '192.0.2.7',
  '172.32.0.1',
  '100.128.0.1',
  '2a01:111:f400::1',
  '2001:4860::1',
  '64:ff9b::286b:1',
  '::ffff:40.107.0.1',
])('an organization’s next hop may be at %s', (address) => {
  expect(mayBeNextHop(address, [])).toBe(true);
});

test('a network that the operator names is open, and its neighbours stay shut', () => {
  const networks = nextHopNetworks.parse('10.1.2.3, 127.0.0.0/8, fd12:3456::/32');
  const open = ['10.1.2.3', '127.5.0.1', '::ffff:10.1.2.3', 'fd12:3456:7::1'].map((address) => mayBeNextHop(address, networks));
  const shut = ['10.1.2.4', '169.254.169.254', 'fd12:3457::1', '::1'].map((address) => mayBeNextHop(address, networks));
  expect([open, shut]).toEqual([Array(4).fill(true), Array(4).fill(false)]);
  for (const wrong of ['', '10.0.0.0/33', 'mail.example', '10.0.0.0/8,'])
    expect(nextHopNetworks.safeParse(wrong).success, wrong).toBe(false);
});

test('of a name’s addresses those that are open are connected to; where there is none, it is said which one was meant', () => {
  const names: Record<string, string[]> = { 'mixed.example': ['127.0.0.1', '40.107.0.1'], 'inside.example': ['10.0.0.5'] };
  const outcomes: unknown[] = [];
  const lookup = nextHopLookup((name, _options, found) => {
    const addresses = names[name];
    if (addresses)
      found(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    else found(new Error('ENOTFOUND'), []);
  }, []);
  for (const name of ['mixed.example', 'inside.example', 'nowhere.example'])
    lookup(name, { family: 0 }, (error, addresses) => outcomes.push(error?.message ?? addresses.map(({ address }) => address)));
  expect(outcomes).toEqual([['40.107.0.1'], expect.stringContaining('inside.example is 10.0.0.5, which is in no network'), 'ENOTFOUND']);
});

test('a host is a name or an address, in one spelling', () => {
  expect(['Relay.Example.com ', 'mailhost', 'a_b.example', '192.0.2.7', '2001:DB8::7'].map(hostOf)).toEqual([
    'relay.example.com',
    'mailhost',
    'a_b.example',
    '192.0.2.7',
    '2001:db8::7',
  ]);
  for (const wrong of [
    '',
    'a b',
    '-a.example',
    'a..b',
    'a.example.',
    '192.0.2.300',
    '10.0',
    'smtp://a',
    'a:25',
    '[::1]',
    'ä.example',
    'a\r\nb',
    'fe80::1%eth0',
  ])
    expect(hostOf(wrong), wrong).toBeNull();
});
