import { expect, test } from 'vitest';
import { looksHashed, type RecordedForm } from './privacy-policy.ts';
import { keyedHash, recordedClientIp, recordedSubject, recordedUserAgent, recordingInFull, type Recording } from './recorded-value.ts';

const all = (form: RecordedForm, key = 'one'): Recording => ({
  recordedClientIp: form,
  recordedUserAgent: form,
  recordedSubject: form,
  hash: keyedHash(Buffer.from(key)),
});
const full = (value: string | null) => ({ value, form: 'full' as const });

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:0DB8::1', '2001:db8::/48'],
  ['fe80::1%eth0', 'fe80::/48'],
  ['::1', '::/48'],
])('of the address %s its network %s is recorded', (address, network) => {
  expect(recordedClientIp(full(address), all('truncated'))).toEqual({ value: network, form: 'truncated' });
});

test('of what is no address nothing is recorded, since nothing says what of it could be', () => {
  expect(recordedClientIp(full('unix:/run/x'), all('truncated'))).toEqual({ value: null, form: 'none' });
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.1 Safari/537.36', 'Chrome 125 on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox 128 on Windows'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot 2'],
  ['Bob-Miller-of-Acme foo/1.0 bar', 'Other'],
  ['curl/8.5.0', 'Other'],
])('of the agent %s its name, major version and system are recorded, and no text of its own', (agent, short) => {
  expect(recordedUserAgent(full(agent), all('truncated'))).toEqual({ value: short, form: 'truncated' });
});

test.each([
  ['Merger of Alpha and Beta', 'Merger of…'],
  ['Offer', 'Of…'],
  ['X', '…'],
  ['😀😀😀😀', '😀😀…'],
])('of the subject %s its beginning is recorded, and never more than half', (subject, short) => {
  expect(recordedSubject(full(subject), all('truncated'))).toEqual({ value: short, form: 'truncated' });
});

test('equal values have equal hashes under one key, however an address is written; fields and keys have none in common', () => {
  const hash = (value: string, key?: string) => recordedClientIp(full(value), all('hash', key)).value;
  expect(hash('::ffff:203.0.113.7')).toBe(hash('203.0.113.7'));
  expect(hash('2001:DB8::1')).toBe(hash('2001:db8:0:0:0:0:0:1'));
  const values = [hash('203.0.113.7'), hash('203.0.113.7', 'two'), recordedSubject(full('203.0.113.7'), all('hash')).value];
  expect(new Set(values).size).toBe(3);
  expect(values.every((value) => looksHashed(value ?? ''))).toBe(true);
  expect(hash('203.0.113.7')?.length).toBeLessThanOrEqual(64);
});

test('where there is nothing nothing is hidden, and what was reduced is never taken for the whole', () => {
  for (const form of ['truncated', 'hash', 'none'] as const) {
    expect(recordedClientIp(full(null), all(form))).toEqual(full(null));
    expect(recordedSubject(full(''), all(form))).toEqual(full(''));
  }
  const cut = { value: 'Of…', form: 'truncated' } as const;
  expect(recordedSubject(cut, recordingInFull)).toEqual(cut);
  expect(recordedSubject(cut, all('truncated'))).toEqual(cut);
  expect(recordedSubject(cut, all('hash'))).toEqual({ value: null, form: 'none' });
  const hashed = recordedSubject(full('Offer'), all('hash'));
  expect(recordedSubject(hashed, all('truncated'))).toEqual(hashed);
  expect(recordedSubject(hashed, all('none'))).toEqual({ value: null, form: 'none' });
});
