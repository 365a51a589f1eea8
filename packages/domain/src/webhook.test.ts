import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { faultOfReceiver, mayBeReceiver, receiverInRecords, webhookPause } from './webhook.ts';

const isAddress = (host: string) => isIP(host) !== 0;
const fault = (url: string, networks: string[] = []) => faultOfReceiver(url, networks, isAddress);

test('a receiver is on the internet with TLS, or where the operator says, however its address is written', () => {
  const closed = ['10.0.0.1', '127.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', 'fe80::1'];
  for (const address of closed) expect(mayBeReceiver(address, [], true), address).toBe(false);
  expect(mayBeReceiver('192.0.2.1', [], true)).toBe(true);
  expect(mayBeReceiver('192.0.2.1', ['10.0.0.0/8'], false)).toBe(false);
  expect(mayBeReceiver('10.1.2.3', ['10.0.0.0/8'], false)).toBe(true);
});

test('a URL is refused that is no https, names a user, or leads where no receiver may be', () => {
  const refused = [
    'x',
    'ftp://a.example',
    'http://a.example',
    'https://u:p@a.example/',
    'https://a.example/#x',
    'https://[::1]/',
    'https://0x7f.1/',
  ];
  for (const url of refused) expect(fault(url), url).not.toBeNull();
  expect(fault('https://a.example/x?y=z')).toBeNull();
  expect(fault('http://10.0.0.1:8080/', ['10.0.0.0/8'])).toBeNull();
  expect(fault('http://192.0.2.1/', ['10.0.0.0/8'])).not.toBeNull();
});

test('the pauses between attempts grow, and end after days', () => {
  const pauses = Array.from({ length: 10 }, (_, failed) => webhookPause(failed + 1));
  expect(pauses.at(-1)).toBeNull();
  const given = pauses.filter((pause) => pause !== null);
  expect(given).toEqual(given.toSorted((a, b) => a - b));
  expect(given.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(3 * 86_400);
});

test('what stands in records of a URL has neither user nor query', () => {
  expect(receiverInRecords('https://u:p@a.example:8443/x/y?token=secret#z')).toBe('https://a.example:8443/x/y?…');
  expect(receiverInRecords('https://a.example/')).toBe('https://a.example/');
  expect(receiverInRecords('token=secret')).not.toContain('secret');
});
