import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test } from 'vitest';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const words = ['audit', 'import', '--format', 'm365', '-'];
const importOf = (file: string | Uint8Array, more: readonly string[] = [], key = acme.apiKey) =>
  signetCommand([...words, ...more], { SIGNET_API_URL: api.url, SIGNET_API_KEY: key }, file);

const [golden = ''] = readFileSync(
  new URL('../../../../packages/domain/test-data/microsoft-records.ndjson', import.meta.url),
  'utf8',
).split('\n');
/** A record of its own, of a subject that is not ASCII. */
const record = () =>
  JSON.stringify({
    ...(JSON.parse(golden) as object),
    Id: randomUUID(),
    OperationProperties: [{ Name: 'MailSubject', Value: 'Grüße → 東京 🗝' }],
  });

/** More than one request of the command holds. */
const filling = ' '.repeat(5 * 1024 * 1024);

async function exported(): Promise<unknown[]> {
  await ingestAll(api);
  const { text } = await ask(api, 'GET /v1/audit-entries/export?format=m365&source=m365-import', { key: acme.apiKey });
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

const utf16 = (text: string) => Buffer.from(`\u{feff}${text}`, 'utf16le');

test.each([
  ['UTF-8 with its mark', (text: string) => Buffer.from(`\u{feff}${text}`)],
  ['UTF-16LE with its mark', utf16],
  ['UTF-16BE with its mark', (text: string) => utf16(text).swap16()],
])('a file in %s is taken as it is, in several pieces too, and a refused line is named', async (_, bytesOf) => {
  const [first, second] = [record(), record()];
  const taken = await importOf(bytesOf(`${first}${filling}\r\n${second}\r\n{}\r\n`));
  expect(taken).toMatchObject({
    code: 1,
    stdout: 'Records : 3\nNew     : 2\nKnown   : 0\nRefused : 1\n',
    stderr: expect.stringMatching(/^-:3: /),
  });
  const entries = await exported();
  for (const one of [first, second]) expect(entries).toContainEqual(JSON.parse(one));
});

test('a byte that is no UTF-8 ends the import with what mends it; the piece that holds it is not sent, and the mended file is taken', async () => {
  const before = await exported();
  const [first, second, third] = [record(), record(), record()];
  const file = (encoding: 'utf8' | 'latin1') =>
    Buffer.concat([
      Buffer.from(`${first}${filling}\n${second}${' '.repeat(1024 * 1024)}\n`),
      Buffer.from(third.replace('Grüße → 東京 🗝', 'Grüße'), encoding),
    ]);
  const refused = await importOf(file('latin1'));
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toBe(
    [
      'Read before that: 1 record, 1 new in the trail. The same command goes on once that is mended: what is known stays as it is.',
      'signet: - is not UTF-8 throughout, and has no byte order mark of UTF-16: save or export it as UTF-8',
      '',
    ].join('\n'),
  );
  expect(await exported()).toHaveLength(before.length + 1);
  expect(await importOf(file('utf8'))).toEqual({ code: 0, stdout: 'Records : 3\nNew     : 2\nKnown   : 1\nRefused : 0\n', stderr: '' });

  const early = await importOf(Buffer.from(`${record().replace('Grüße → 東京 🗝', 'Grüße')}\n`, 'latin1'));
  expect(early).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^signet: - is not UTF-8 throughout/) });
});

test('where a retention policy takes what is imported, the command says so after it; not to a key that may not read the policy, nor of other operations', async () => {
  const globex = await createTestOrganization(api, 'globex');
  const keyOf = async (...scopes: string[]) =>
    String((await ask(api, 'POST /v1/api-keys', { key: globex.apiKey, body: { name: scopes.join(), scopes } })).body['secret']);
  const blind = await keyOf('audit:write');
  await asSuperuser(api.settings.DATABASE_URL, "insert into retention_worker (name, seen_at) values ('retention', now())");
  const policy = async (body: object) => expect((await ask(api, 'PUT /v1/retention', { key: globex.apiKey, body })).status).toBe(200);
  const stderrOf = async (key: string, more: readonly string[] = []) => {
    const { code, stderr } = await importOf(record(), more, key);
    expect(code).toBe(0);
    return stderr;
  };

  expect(await stderrOf(globex.apiKey)).toBe('');
  await policy({ days: null, operations: { LinkTouch: 30 } });
  expect(await stderrOf(globex.apiKey)).toBe('');
  await policy({ days: 730, operations: { LinkTouch: 30 } });
  expect(await stderrOf(globex.apiKey)).toBe(
    [
      'Entries older than 730 days are removed a week after their import: so the retention policy says (signet retention show).',
      'A legal hold on their address or their time keeps them, if it is placed before that (signet hold create).',
      '',
    ].join('\n'),
  );
  expect(await stderrOf(await keyOf('audit:write', 'configuration:read'), ['--json'])).toMatch(/^Entries older than 730 days/);
  expect(await stderrOf(blind)).toBe('');
  await policy({ days: null, operations: { MessageAccess: 90 } });
  const known = record();
  expect((await importOf(known, [], globex.apiKey)).stderr).toMatch(/^Entries of some operations older than 90 days are removed/);
  expect((await importOf(known, [], globex.apiKey)).stderr).toBe('');
});
