import { expect, test } from 'vitest';
import { readSettings } from './env.ts';

const good = {
  API_URL: 'http://127.0.0.1:3001',
  PORTAL_SECRET: 'f3b1c2d4e5a69788f3b1c2d4e5a69788',
  PUBLIC_URL: 'http://localhost:3000',
  PATH: '/usr/bin',
  TRUSTED_PROXIES: '',
};

test('settings are read from the variables that mean something here', () => {
  expect(readSettings({ ...good, TRUSTED_PROXIES: '10.0.0.0/8, ::1' })).toMatchObject({
    API_URL: 'http://127.0.0.1:3001',
    NODE_ENV: 'production',
    TRUSTED_PROXIES: ['10.0.0.0/8', '::1'],
  });
});

test('an address in clear is one of this machine, and the metrics are for this machine unless said otherwise', () => {
  expect(() => readSettings({ ...good, PUBLIC_URL: 'http://mail.example.org' })).toThrow('PUBLIC_URL: must begin with https');
  expect(readSettings(good).PORTAL_METRICS_HOST).toBe('127.0.0.1');
});

const read = () => readSettings({ ...good, PORTAL_SECRET: 'too-short', PUBLIC_URL: 'ftp://x', PORTAL_SECRETE: 'misspelt' });

test('every wrong variable is named at once, and no value is shown', () => {
  expect(read).toThrow(/PORTAL_SECRETE[^]*PORTAL_SECRET:[^]*PUBLIC_URL:/);
  expect(read).not.toThrow(/too-short|ftp:/);
});
