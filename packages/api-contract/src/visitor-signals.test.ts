import { expect, test } from 'vitest';
import { portalHeader } from './portal-headers.ts';
import { visitorSignals } from './visitor-signals.ts';

const secure = new URL('https://signet.example');

test('fetch metadata is handed on as one text, and what is no such value as “other”', () => {
  const headers = new Headers({
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'none',
    'sec-fetch-user': '?1',
  });
  expect(visitorSignals(headers, secure)[portalHeader.visitorFetch]).toBe('site=none; mode=navigate; dest=document; user=?1');
  const strange = new Headers({ 'sec-fetch-mode': 'x; mode=navigate', 'sec-fetch-dest': 'a'.repeat(5000) });
  expect(visitorSignals(strange, secure)[portalHeader.visitorFetch]).toBe('mode=other; dest=other');
});

test('its lack is told only where a browser would send it', () => {
  for (const [url, said] of [
    ['https://signet.example', 'none'],
    ['http://localhost:3000', 'none'],
    ['http://127.0.0.1:3000', 'none'],
    ['http://[::1]:3000', 'none'],
    ['http://signet.example', undefined],
    ['http://127.example', undefined],
  ] as const) {
    expect([url, visitorSignals(new Headers(), new URL(url))[portalHeader.visitorFetch]]).toEqual([url, said]);
  }
});

test('a purpose is handed on however it is said, without what no header may hold', () => {
  const purposeIn = (name: string, value: string) => visitorSignals(new Headers({ [name]: value }), secure)[portalHeader.visitorPurpose];
  for (const name of ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']) expect(purposeIn(name, 'prefetch')).toBe('prefetch');
  expect(purposeIn('sec-purpose', 'prefetch;prerender')).toBe('prefetch;prerender');
  expect(purposeIn('purpose', `"<é>${'p'.repeat(300)}`)).toBe('p'.repeat(100));
  expect(visitorSignals(new Headers(), secure)[portalHeader.visitorPurpose]).toBeUndefined();
});
