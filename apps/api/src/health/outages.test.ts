import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createLogger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import { ask as askLink, createFixture, mailWith, open } from '../recipient/testing/recipient-fixture.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, sampleMail } from '../testing/test-organization.ts';
import { startMetricsServer } from './metrics-server.ts';
import { ReadinessCheck } from './readiness.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const submit = () =>
  ask(api, 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net', { key: acme.apiKey, body: sampleMail() });

/** What the api says of itself: to everybody, and to operators. */
async function health() {
  const readiness = new ReadinessCheck(api.database, api.vault, createLogger('silent'));
  const operations = await startMetricsServer({ metrics: new Metrics(), readiness }, { host: '127.0.0.1', port: 0 });
  const [shown, explained] = await Promise.all([
    fetch(`${api.url}/health/ready`),
    fetch(`http://127.0.0.1:${operations.port}/health/ready`),
  ]);
  const told = [shown.status, await shown.json(), explained.status, await explained.json()];
  await operations.close();
  return told;
}

test('with the master key gone or another one nothing is taken in: 503, with the reason for operators alone; and it goes on when it is back', async () => {
  const file = fileURLToPath(api.settings.KEY_PROVIDER_URL);
  const key = await readFile(file);
  const messages = () => api.database.system.query('select 1 from message');
  for (const [harm, reason] of [
    [() => rm(file), `The master key ${file} cannot be read (ENOENT)`],
    [() => writeFile(file, randomBytes(32), { mode: 0o600 }), expect.stringMatching(/^The master key file now holds local:/)],
  ] as const) {
    await harm();
    const answer = await submit();
    expect([answer.status, answer.body['code'], answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
    expect(await messages()).toEqual([]);
    const checks = { database: 'ok', blobStore: 'ok', keys: 'unavailable' };
    expect(await health()).toEqual([
      503,
      { status: 'unavailable', checks },
      503,
      { status: 'unavailable', checks, reasons: { keys: reason } },
    ]);
  }
  await writeFile(file, key, { mode: 0o600 });
  expect((await submit()).status).toBe(202);
  expect(await health()).toMatchObject([200, { status: 'ok' }, 200, { status: 'ok', reasons: {} }]);
});

test('with the blob storage gone an opening is 503 and no event, nothing is taken in, and both go on when it is back', async () => {
  const fixture = await createFixture(api, { domain: 'other.example' });
  const [recipient] = await fixture.storeMail(mailWith());
  if (!recipient) throw new Error('no recipient');
  const reader = await fixture.signIn(recipient);
  const folder = fileURLToPath(api.settings.BLOB_URL);
  await rename(folder, `${folder}.away`);
  await writeFile(folder, '');
  const answers = await Promise.all([askLink(api, reader, 'POST', 'access'), askLink(api, reader, 'GET', 'original')]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect((await submit()).status).toBe(503);
  expect(await fixture.eventsOf(reader.messageUid, 'MessageAccess')).toEqual([]);
  expect(await health()).toMatchObject([
    503,
    { checks: { blobStore: 'unavailable', keys: 'ok' } },
    503,
    { reasons: { blobStore: expect.stringContaining('ENOTDIR') } },
  ]);
  await rm(folder);
  await rename(`${folder}.away`, folder);
  expect((await open(api, reader)).accessId).toBeTruthy();
  expect((await submit()).status).toBe(202);
  await fixture.close();
});
