import { expect, test } from 'vitest';
import { readSettings } from './env.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));
const otherKey = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 5));
const good = {
  SIGNET_MODE: 'demo',
  DATABASE_URL: 'postgresql://localhost/signet',
  BLOB_URL: 'file:///tmp/blobs',
  KEY_PROVIDER_URL: 'file:///tmp/master.key',
  PUBLIC_URL: 'http://localhost:3000',
  API_METRICS_PORT: '9001',
  PORTAL_SECRET: '0123456789abcdef0123456789abcdef',
  PASSCODE_KEY: key.toString('base64url'),
  LOOP_KEY: otherKey.toString('base64url'),
};

test('good settings are read, with presets; an empty variable counts as not set', () => {
  const settings = readSettings({ ...good, API_PORT: '', PATH: '/usr/bin', HOME: '/' });
  expect(settings).toMatchObject({ API_PORT: 3001, API_HOST: '127.0.0.1', LOG_LEVEL: 'info', NODE_ENV: 'production' });
  expect(settings.PASSCODE_KEY).toEqual(key);
  expect(settings.LOOP_KEY).toEqual(otherKey);
  expect(readSettings({ ...good, TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16' }).TRUSTED_PROXIES).toEqual(['10.0.0.1', '192.168.0.0/16']);
});

test.each([
  [{ PORTAL_SECERT: 'x' }, 'PORTAL_SECERT is unknown; it looks like PORTAL_SECRET'],
  [{ SIGNET_MOOD: 'demo' }, 'SIGNET_MOOD is unknown'],
  [{ API_TIMEOUT: '3' }, 'API_TIMEOUT is unknown'],
  [{ SIGNET_MODE: 'staging' }, 'SIGNET_MODE'],
  [{ API_PORT: '70000' }, 'API_PORT'],
  [{ PASSCODE_KEY: 'short' }, 'PASSCODE_KEY: must be 32 bytes in base64url'],
  [{ LOOP_KEY: '0123456789abcdef0123456789abcdef' }, 'LOOP_KEY: must be 32 bytes in base64url'],
  [{ LOOP_KEY: 'A'.repeat(43) }, 'LOOP_KEY: looks like a placeholder'],
  [{ PORTAL_SECRET: 'a'.repeat(32) }, 'PORTAL_SECRET'],
  [{ TRUSTED_PROXIES: 'proxy.example' }, 'TRUSTED_PROXIES'],
  [{ PUBLIC_URL: 'https://mail.example.org' }, 'SIGNET_MODE: demo is for this machine alone'],
  [{ SIGNET_MODE: 'production', PUBLIC_URL: 'http://mail.example.org' }, 'PUBLIC_URL: must begin with https'],
  [{ API_HOST: '0.0.0.0' }, 'SIGNET_MODE: demo is for this machine alone'],
  [
    { SIGNET_MODE: 'production', PUBLIC_URL: 'https://mail.example.org', PORTAL_SECRET: 'change-me-0123456789-abcdefghijklm' },
    'PORTAL_SECRET: looks like a default',
  ],
])('%o stops the start with a reason and without any value', (change, reason) => {
  expect(() => readSettings({ ...good, ...change })).toThrow(reason);
  expect(() => readSettings({ ...good, ...change })).not.toThrow(good.LOOP_KEY);
});

test('production outside of this machine starts with secrets of its own, whatever its surroundings add', () => {
  const outside = { ...good, SIGNET_MODE: 'production', API_HOST: '0.0.0.0', PUBLIC_URL: 'https://mail.example.org' };
  expect(readSettings({ ...outside, REDIS_URL: 'redis://x', API_SERVICE_HOST: '10.0.0.1', API_PORT_3001_TCP: 'tcp://x' }).API_HOST).toBe(
    '0.0.0.0',
  );
});
