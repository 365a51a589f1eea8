import { expect, test } from 'vitest';
import { isLoopbackHost, publicUrl } from './public-url.ts';

test.each([
  'https://mail.example.org',
  'https://192.0.2.1:8443/signet',
  'http://localhost:3000',
  'http://signet.localhost',
  'http://127.0.0.1:3000',
  'http://[::1]:3000',
])('%s is where people may reach the portal', (url) => {
  expect(publicUrl.parse(url)).toBe(url);
});

test.each([
  'http://mail.example.org',
  'http://192.168.1.10:3000',
  'http://localhost.example.org',
  'http://127.0.0.1.example.org',
  'http://[::2]/',
])('%s would carry secrets in clear to another machine', (url) => {
  expect(publicUrl.safeParse(url).error?.issues[0]?.message).toMatch(/^must begin with https/);
});

test.each(['ftp://localhost', 'localhost:3000', ''])('%j is no address of a portal', (url) => {
  expect(publicUrl.safeParse(url).success).toBe(false);
});

test('other hosts than this machine are not taken for it', () => {
  expect(['localhost', '[::1]', '127.255.0.1'].map(isLoopbackHost)).toEqual([true, true, true]);
  expect(['0.0.0.0', '::', '10.0.0.1', 'example.org', '1270.0.0.1'].map(isLoopbackHost)).toEqual([false, false, false, false, false]);
});
