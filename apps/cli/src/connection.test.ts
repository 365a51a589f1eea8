import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findConnection, openWithoutKey } from './connection.ts';
import { readEnvironment, repositoryRoot } from './env.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nowhere = {
  apiUrl: undefined,
  apiKey: undefined,
  setupToken: undefined,
  configurationFile: join(folder, 'none.json'),
  localFile: join(folder, 'none.json'),
};

function file(name: string, content: unknown, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  return path;
}

const of = (name: string) => ({ apiUrl: `https://${name}.example`, apiKey: `sk_${name}` });

const at = (apiUrl: string) => findConnection({}, { ...nowhere, apiUrl, apiKey: 'sk_x' });

describe('where the API is', () => {
  test('flags come before the environment, it before the user’s file, that before a local start', () => {
    const localFile = file('local.json', { ...of('local'), portalUrl: 'http://localhost:3000' });
    const configurationFile = file('own.json', of('own'));
    const config = file('flag.json', of('flag'));
    const environment = { ...nowhere, ...of('environment'), configurationFile, localFile };
    expect(findConnection({ config }, environment)).toEqual(of('flag'));
    expect(findConnection({}, environment)).toEqual(of('environment'));
    expect(findConnection({}, { ...nowhere, configurationFile, localFile })).toEqual(of('own'));
    expect(findConnection({}, { ...nowhere, localFile })).toEqual(of('local'));
    expect(() => findConnection({}, nowhere)).toThrow('No API is configured');
  });

  test('an address without its key, or a key without its address, is refused: no key goes to another’s address', () => {
    const localFile = file('local.json', of('local'));
    expect(() => findConnection({}, { ...nowhere, localFile, apiUrl: 'https://evil.example' })).toThrow('set both');
    expect(() => findConnection({}, { ...nowhere, localFile, apiKey: 'sk_x' })).toThrow('set both');
  });

  test.each([0o640, 0o604, 0o660])('a file of mode %o is refused, since others can read or change it', (mode) => {
    const config = file(`mode-${mode}.json`, of('open'), mode);
    expect(() => findConnection({ config }, nowhere)).toThrow('others can read it: chmod 600');
  });

  test.each([
    ['no JSON', 'sk_secret'],
    ['no key', { apiUrl: 'https://a.example' }],
    ['a key that no header could carry', { apiUrl: 'https://a.example', apiKey: 'sk_secret\r\nHost: b' }],
    ['an address that is none', { apiUrl: 'a.example', apiKey: 'sk_secret' }],
  ])('a file with %s is refused without a word of the key', (name, content) => {
    const config = file(`${name.replaceAll(' ', '-')}.json`, content);
    const refusal = () => findConnection({ config }, nowhere);
    expect(refusal).toThrow(config);
    expect(refusal).not.toThrow('sk_secret');
  });

  test('http is for this machine alone', () => {
    expect(at('http://localhost:3001').apiUrl).toBe('http://localhost:3001');
    expect(at('http://[::1]:3001').apiUrl).toBe('http://[::1]:3001');
    expect(() => at('http://signet.example')).toThrow('must begin with https');
    expect(() => openWithoutKey({ ...nowhere, apiUrl: 'http://signet.example' })).toThrow('must begin with https');
    expect(openWithoutKey(nowhere).apiUrl).toBe('http://localhost:3001');
  });
});

test('the environment names the files as npm start and XDG do', () => {
  expect(readEnvironment({ XDG_CONFIG_HOME: '/xdg', SIGNET_API_KEY: '' })).toEqual({
    apiUrl: undefined,
    apiKey: undefined,
    setupToken: undefined,
    configurationFile: '/xdg/signet/config.json',
    localFile: join(repositoryRoot, '.signet/local.json'),
  });
  expect(readEnvironment({ SIGNET_HOME: '/data' }).localFile).toBe('/data/local.json');
});
