import { expect, test } from 'vitest';
import { readSettings } from './env.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));
const environment = {
  SIGNET_MODE: 'production',
  DATABASE_URL: 'postgresql://signet:database-secret@127.0.0.1/signet',
  BLOB_URL: 'file:///var/lib/signet/blobs',
  KEY_PROVIDER_URL: 'file:///var/lib/signet/master.key',
  PUBLIC_URL: 'https://mail.acme.example',
  WORKER_METRICS_PORT: '9464',
  SMTP_URL: 'smtp://127.0.0.1:25',
  LOOP_KEY: key.toString('base64url'),
};

/** A start with some variables set otherwise. */
const start = (change: Record<string, string | undefined>) => () => readSettings({ ...environment, ...change });

test('complete settings are read, with defaults for what may be left out', () => {
  const settings = readSettings({ ...environment, REDIS_URL: '', PATH: '/usr/bin', GATEWAY_PORT: '2525', API_METRICS_PORT: '9465' });
  expect(settings).toMatchObject({
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    WORKER_METRICS_PORT: 9464,
    WORKER_METRICS_HOST: '127.0.0.1',
  });
  expect(settings.REDIS_URL).toBeUndefined();
  expect(settings.LOOP_KEY).toEqual(key);
});

test('a missing, wrong or misspelt name stops the start, is named, and no value is shown', () => {
  expect(start({ SMTP_URL: undefined })).toThrow('SMTP_URL');
  expect(start({ SMTP_URL: 'http://relay' })).toThrow('SMTP_URL');
  expect(start({ LOOP_KEY: 'short-secret' })).toThrow('LOOP_KEY: must be 32 bytes in base64url');
  expect(start({ LOOP_KEY: 'short-secret' })).not.toThrow('short-secret');
  expect(start({ REDIS_URI: 'redis://x' })).toThrow('REDIS_URI is unknown; it looks like REDIS_URL');
  expect(start({ SIGNET_FOO: '1' })).toThrow('SIGNET_FOO is unknown');
  expect(start({ WORKER_CONCURRENCY: '1' })).toThrow('WORKER_CONCURRENCY is unknown');
  expect(start({ DATABASE_URL: 'postgres//database-secret' })).not.toThrow('database-secret');
});
