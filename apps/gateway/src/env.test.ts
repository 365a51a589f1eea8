import { expect, test } from 'vitest';
import { readSettings } from './env.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64url');
const good = {
  SIGNET_MODE: 'demo',
  DATABASE_URL: 'postgresql://u:hidden-word@127.0.0.1/signet',
  BLOB_URL: 'file:///blobs',
  KEY_PROVIDER_URL: 'file:///master.key',
  PUBLIC_URL: 'http://localhost:3000',
  GATEWAY_METRICS_PORT: '9102',
  LOOP_KEY: key,
};

test('settings have defaults, and variables of the system and of the other processes do not matter', () => {
  const shared = {
    PATH: '/bin',
    HOME: '/',
    PORTAL_PORT: '3000',
    API_HOST: '::',
    SIGNET_HOME: '/x',
    GATEWAY_PORT_2525_TCP: 'tcp://',
    LOG_LEVEL: '',
  };
  const settings = readSettings({ ...good, ...shared });
  expect(settings).toMatchObject({
    GATEWAY_PORT: 2525,
    GATEWAY_HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    GATEWAY_METRICS_HOST: '127.0.0.1',
    MAX_MESSAGE_BYTES: 25 * 1024 * 1024,
  });
  expect(settings.LOOP_KEY.toString('base64url')).toBe(key);
});

test('a start with a wrong, missing, unknown or dangerous setting fails with its name and never its value', () => {
  const cases: [Record<string, string | undefined>, RegExp][] = [
    [{ DATABASE_URL: 'mysql://hidden-word' }, /DATABASE_URL/],
    [{ LOOP_KEY: undefined }, /LOOP_KEY/],
    [{ LOOP_KEY: 'hidden-word' }, /LOOP_KEY: must be 32 bytes/],
    [{ LOOP_KEY: 'A'.repeat(43) }, /LOOP_KEY: looks like a placeholder/],
    [{ SIGNET_MODE: 'hidden-word' }, /SIGNET_MODE/],
    [{ GATEWAY_PORT: '70000' }, /GATEWAY_PORT/],
    [{ GATEWAY_HOTS: 'hidden-word' }, /GATEWAY_HOTS is unknown; it looks like GATEWAY_HOST/],
    [{ GATEWAY_ANYTHING: 'hidden-word' }, /GATEWAY_ANYTHING is unknown/],
    [{ SIGNET_ANYTHING: 'hidden-word' }, /SIGNET_ANYTHING is unknown/],
    [{ BLOB_ULR: 'hidden-word' }, /BLOB_ULR is unknown; it looks like BLOB_URL/],
    [{ GATEWAY_TLS_CERT: '/cert.pem' }, /GATEWAY_TLS_CERT and GATEWAY_TLS_KEY go together/],
    [{ GATEWAY_HOST: '0.0.0.0', SIGNET_MODE: 'production' }, /GATEWAY_TLS_CERT: is needed/],
    [{ GATEWAY_HOST: '0.0.0.0', GATEWAY_TLS_CERT: '/c', GATEWAY_TLS_KEY: '/k' }, /SIGNET_MODE: demo is for this machine alone/],
    [{ MAX_MESSAGE_BYTES: '0' }, /MAX_MESSAGE_BYTES/],
  ];
  for (const [change, words] of cases) {
    expect(() => readSettings({ ...good, ...change })).toThrow(words);
    expect(() => readSettings({ ...good, ...change })).not.toThrow(/hidden-word/);
  }
});
